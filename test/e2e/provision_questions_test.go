package e2e

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// The ClusterRoles that the guard binds. A binding has the name of its role.
const (
	jobManagerRole  = "flink-ha-webhook-jobmanager"
	nativeRole      = "flink-ha-webhook-jobmanager-native"
	taskManagerRole = "flink-ha-webhook-taskmanager"
)

// grants are the ClusterRoles that an account is bound to in its own namespace, in order.
func (s *suite) grants(t *testing.T, namespace, account string) []string {
	t.Helper()
	bindings, err := s.client.RbacV1().RoleBindings(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var roles []string
	for _, binding := range bindings.Items {
		if slices.Contains(binding.Subjects, subject(namespace, account)) {
			roles = append(roles, binding.RoleRef.Name)
		}
	}
	slices.Sort(roles)
	return roles
}

func subject(namespace, account string) rbacv1.Subject {
	return rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: account}
}

// awaitGrants waits until an account is there and bound to just these ClusterRoles.
func (s *suite) awaitGrants(t *testing.T, namespace, account string, roles ...string) {
	t.Helper()
	eventually(t, "the account "+account+" to be bound to "+strings.Join(roles, " and "), func() bool {
		return s.serviceAccount(t, namespace, account) != nil && slices.Equal(s.grants(t, namespace, account), roles)
	})
}

// serviceAccount returns an account, nil if it is not there.
func (s *suite) serviceAccount(t *testing.T, namespace, name string) *corev1.ServiceAccount {
	t.Helper()
	account, err := s.client.CoreV1().ServiceAccounts(namespace).Get(t.Context(), name, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return nil
	case err != nil:
		t.Fatal(err)
	}
	return account
}

// settle gives the guard the time to do what it would do: it waits until another namespace, in which a workload was made later,
// has its account and its binding.
func (s *suite) settle(t *testing.T) {
	t.Helper()
	later := s.namespace(t)
	s.create(t, later, standalone("later", later))
	s.awaitGrants(t, later, "flink", jobManagerRole)
}

// wantNothingMade fails where the guard made an account or a binding in a namespace.
func (s *suite) wantNothingMade(t *testing.T, namespace string) {
	t.Helper()
	s.settle(t)
	for _, resource := range []string{"serviceaccounts", "rolebindings"} {
		output, err := s.kubectl(t, "", "get", resource, "-n", namespace, "-l", "app.kubernetes.io/managed-by=flink-ha-webhook", "-o", "name")
		if err != nil || output != "" {
			t.Errorf("%s in %s: got %v, %q, want none of the guard's", resource, namespace, err, output)
		}
	}
}

// user is somebody whom the administrator acts for.
type user struct {
	name   string
	groups []string
}

// of is a service account as the API server knows it.
func of(namespace, account string) user {
	return user{
		name:   "system:serviceaccount:" + namespace + ":" + account,
		groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"},
	}
}

// as is a client of a user, with no more rights than the user's.
func (s *suite) as(t *testing.T, who user) kubernetes.Interface {
	t.Helper()
	config := s.QuietConfig()
	config.Impersonate = rest.ImpersonationConfig{UserName: who.name, Groups: who.groups}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// may asks the API server whether a user may do something in a namespace; "" stands for all namespaces.
func (s *suite) may(t *testing.T, who user, verb, resource, namespace string) bool {
	t.Helper()
	group, name, grouped := strings.Cut(resource, "/")
	if !grouped {
		group, name = "", resource
	}
	review, err := s.client.AuthorizationV1().SubjectAccessReviews().Create(t.Context(), &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{
			User: who.name, Groups: who.groups,
			ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: namespace, Verb: verb, Group: group, Resource: name},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return review.Status.Allowed
}

// rightsIn are all rights that a user has in a namespace, but for those that every account has, as the API server finds them.
func (s *suite) rightsIn(t *testing.T, who user, namespace string) []string {
	t.Helper()
	everybodys := reviewRights(t, s.as(t, of("nowhere", "nobody")), namespace)
	return slices.DeleteFunc(reviewRights(t, s.as(t, who), namespace), func(right string) bool { return slices.Contains(everybodys, right) })
}

func reviewRights(t *testing.T, caller kubernetes.Interface, namespace string) []string {
	t.Helper()
	review, err := caller.AuthorizationV1().SelfSubjectRulesReviews().Create(t.Context(), &authorizationv1.SelfSubjectRulesReview{
		Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace},
	}, metav1.CreateOptions{})
	if err != nil || review.Status.Incomplete {
		t.Fatalf("got %v, %q, want all rights", err, review.Status.EvaluationError)
	}
	var rules []rbacv1.PolicyRule
	for _, rule := range review.Status.ResourceRules {
		rules = append(rules, rbacv1.PolicyRule{APIGroups: rule.APIGroups, Resources: rule.Resources, ResourceNames: rule.ResourceNames, Verbs: rule.Verbs})
	}
	return singleRights(rules)
}

// rightsOf are the rights of ClusterRoles.
func (s *suite) rightsOf(t *testing.T, roles ...string) []string {
	t.Helper()
	var rules []rbacv1.PolicyRule
	for _, name := range roles {
		role, err := s.client.RbacV1().ClusterRoles().Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, role.Rules...)
	}
	return singleRights(rules)
}

// singleRights takes rules apart: "patch deployments.apps", or "bind clusterroles.rbac.authorization.k8s.io/name", each once.
func singleRights(rules []rbacv1.PolicyRule) []string {
	var all []string
	for _, rule := range rules {
		names := rule.ResourceNames
		if len(names) == 0 {
			names = []string{""}
		}
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				for _, verb := range rule.Verbs {
					for _, name := range names {
						all = append(all, singleRight(group, resource, verb, name))
					}
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int {
		_, left, _ := strings.Cut(a, " ")
		_, right, _ := strings.Cut(b, " ")
		return cmp.Or(cmp.Compare(left, right), cmp.Compare(a, b))
	})
	return slices.Compact(all)
}

func singleRight(group, resource, verb, name string) string {
	right := verb + " " + resource
	if group != "" {
		right += "." + group
	}
	if name != "" {
		right += "/" + name
	}
	return right
}
