package rbac

import (
	"context"
	"fmt"
	"strings"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// A question is about some rights of an account in a namespace.
type question struct {
	account   access.Account
	namespace string
	rights    []rights.Right
}

// userOf and groupsOf are what the API server makes of an account's token.
func userOf(a access.Account) string { return "system:serviceaccount:" + a.Namespace + ":" + a.Name }

func groupsOf(a access.Account) []string {
	return []string{"system:serviceaccounts", "system:serviceaccounts:" + a.Namespace, "system:authenticated"}
}

// anyObject is an object of no special name.
const anyObject = "an-object-that-no-rule-names"

// allows asks the API server about one right.
func allows(account access.Account, namespace string, right rights.Right) (bool, error) {
	resource, subresource, _ := strings.Cut(right.Resource, "/")
	name := right.Name
	if name == "" && (right.Verb == "get" || right.Verb == "update" || right.Verb == "patch" || right.Verb == "delete") {
		name = anyObject // these requests name one
	}
	review, err := client.AuthorizationV1().SubjectAccessReviews().Create(context.Background(), &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{
			User: userOf(account), Groups: groupsOf(account),
			ResourceAttributes: &authorizationv1.ResourceAttributes{
				Namespace: namespace, Group: right.Group, Resource: resource, Subresource: subresource, Verb: right.Verb, Name: name,
			},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, err
	}
	return review.Status.Allowed, nil
}

// answers are those of the API server, in the order of the rights of each question.
func answers(t testing.TB, questions []question) [][]bool {
	t.Helper()
	all := make([][]bool, len(questions))
	type one struct{ question, right int }
	var ones []one
	for i, q := range questions {
		all[i] = make([]bool, len(q.rights))
		for j := range q.rights {
			ones = append(ones, one{i, j})
		}
	}
	each(t, ones, func(o one) (err error) {
		q := questions[o.question]
		all[o.question][o.right], err = allows(q.account, q.namespace, q.rights[o.right])
		return err
	})
	return all
}

// granted is what an index says, in the same form, and whether it knows.
func granted(index *access.Index, q question) (allowed []bool, known bool) {
	answer := index.Lacks(q.account, q.namespace, q.rights)
	missing := map[rights.Right]bool{}
	for _, right := range answer.Missing {
		missing[right] = true
	}
	for _, right := range q.rights {
		allowed = append(allowed, !missing[right])
	}
	return allowed, answer.Known
}

// caughtUp waits until the API server's authorizer has seen all that was written before.
func caughtUp(t testing.TB, stamp string) {
	t.Helper()
	ctx, account := t.Context(), access.Account{Namespace: "default", Name: stamp}
	subjects := []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: account.Namespace, Name: account.Name}}
	meta := metav1.ObjectMeta{Name: stamp}
	rule := func(resource string) []rbacv1.PolicyRule {
		return []rbacv1.PolicyRule{{APIGroups: []string{"stamp"}, Resources: []string{resource}, Verbs: []string{"get"}}}
	}
	_, err1 := client.RbacV1().Roles("default").Create(ctx, &rbacv1.Role{ObjectMeta: meta, Rules: rule("one")}, metav1.CreateOptions{})
	_, err2 := client.RbacV1().RoleBindings("default").Create(ctx, &rbacv1.RoleBinding{ObjectMeta: meta, RoleRef: roleRef("Role", stamp), Subjects: subjects}, metav1.CreateOptions{})
	_, err3 := client.RbacV1().ClusterRoles().Create(ctx, &rbacv1.ClusterRole{ObjectMeta: meta, Rules: rule("all")}, metav1.CreateOptions{})
	_, err4 := client.RbacV1().ClusterRoleBindings().Create(ctx, &rbacv1.ClusterRoleBinding{ObjectMeta: meta, RoleRef: roleRef("ClusterRole", stamp), Subjects: subjects}, metav1.CreateOptions{})
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, resource := range []string{"one", "all"} {
		eventually(t, "the authorizer knows the last "+resource, func() bool {
			allowed, err := allows(account, "default", rights.Right{Group: "stamp", Resource: resource, Verb: "get"})
			return err == nil && allowed
		})
	}
}

func roleRef(kind, name string) rbacv1.RoleRef {
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: name}
}

func (q question) String() string {
	return fmt.Sprintf("%s/%s in %s", q.account.Namespace, q.account.Name, q.namespace)
}
