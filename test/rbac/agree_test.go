package rbac

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

const (
	// seed decides which sets of roles are made, sets how many, and perNamespace how many share a namespace.
	seed, sets, perNamespace = 6, 2400, 12
	// rightsAsked is how many rights of each account are asked about.
	rightsAsked = 5
)

// TestSameAnswersAsTheAPIServer holds every right of thousands of accounts against SubjectAccessReview: as objects from the API
// server give them, slimmed or not, and as the same objects would from files.
func TestSameAnswersAsTheAPIServer(t *testing.T) {
	g := newGenerator(seed, sets, perNamespace)
	g.create(t)
	aggregationSettled(t)
	caughtUp(t, "first-stamp")
	t.Logf("%d Roles, %d ClusterRoles, %d RoleBindings, %d ClusterRoleBindings", len(g.roles), len(g.clusterRoles), len(g.roleBindings), len(g.clusterRoleBindings))
	truth := answers(t, g.questions)
	there := list(t)
	live := there.into(access.New(), false)

	allowed := compare(t, "objects of the API server", live, g.questions, truth)
	if all := sets * rightsAsked; allowed < all/5 || allowed > all*4/5 {
		t.Errorf("%d of %d rights are given: these sets of roles tell little", allowed, all)
	}
	flinks, flinksTruth := flinksOwn(g.questions, truth)
	compare(t, "slim objects of the API server", there.into(access.New(), true), flinks, flinksTruth)
	offline(t, g, flinks, flinksTruth)
	if t.Failed() {
		return
	}
	g.change(t, live)
	caughtUp(t, "second-stamp")
	again := g.questions[:sets/4]
	compare(t, "objects that changed", live, again, answers(t, again))
}

// flinksOwn leaves of the questions the rights that Flink's processes use.
func flinksOwn(questions []question, truth [][]bool) ([]question, [][]bool) {
	kept, keptTruth := slices.Clone(questions), make([][]bool, len(truth))
	for i, q := range questions {
		kept[i].rights = nil
		for j, right := range q.rights {
			if right.Resource != "secrets" && right.Resource != "deployments/status" {
				kept[i].rights, keptTruth[i] = append(kept[i].rights, right), append(keptTruth[i], truth[i][j])
			}
		}
	}
	return kept, keptTruth
}

// compare tells where an index and the API server differ, and how many rights are given.
func compare(t *testing.T, what string, index *access.Index, questions []question, truth [][]bool) (allowed int) {
	t.Helper()
	different := 0
	for i, q := range questions {
		got, known := granted(index, q)
		for j := range truth[i] {
			if truth[i][j] {
				allowed++
			}
			if known && got[j] == truth[i][j] {
				continue
			}
			if different++; different <= 10 {
				t.Errorf("%s: %s: %+v: known %v, given %v, the API server says %v", what, q, q.rights[j], known, got[j], truth[i][j])
			}
		}
	}
	t.Logf("%s: %d accounts, %d rights given, %d differences", what, len(questions), allowed, different)
	return allowed
}

// offline asks an index of the same objects as people write them. It may not know everything, but what it knows is so.
func offline(t *testing.T, g *generator, questions []question, truth [][]bool) {
	t.Helper()
	index, unknown := g.into(access.NewRendered(), false), 0
	var known []question
	var knownTruth [][]bool
	for i, q := range questions {
		if index.Lacks(q.account, q.namespace, q.rights).Known {
			known, knownTruth = append(known, q), append(knownTruth, truth[i])
		} else {
			unknown++
		}
	}
	compare(t, "objects from files", index, known, knownTruth)
	if unknown == 0 || unknown > sets/3 {
		t.Errorf("from files %d of %d answers are unknown", unknown, sets)
	}
}

// change deletes some objects and changes others, in the cluster and in the index.
func (g *generator) change(t *testing.T, index *access.Index) {
	t.Helper()
	ctx, api, at := t.Context(), client.RbacV1(), metav1.Now().Time
	pick := func() bool { return g.IntN(12) == 0 }
	for _, role := range g.roles {
		switch g.IntN(12) {
		case 0:
			must(t, api.Roles(role.Namespace).Delete(ctx, role.Name, metav1.DeleteOptions{}))
			index.DeleteRole(role.Namespace, role.Name, at)
		case 1:
			changed := role.DeepCopy()
			changed.Rules = g.rules(false)
			must(t, second(api.Roles(role.Namespace).Update(ctx, changed, metav1.UpdateOptions{})))
			index.SetRole(changed, at)
		}
	}
	for _, role := range g.clusterRoles {
		if len(role.Labels) > 0 || role.AggregationRule != nil || !pick() {
			continue
		}
		must(t, api.ClusterRoles().Delete(ctx, role.Name, metav1.DeleteOptions{}))
		index.DeleteClusterRole(role.Name, at)
	}
	for _, binding := range g.roleBindings {
		switch g.IntN(12) {
		case 0:
			must(t, api.RoleBindings(binding.Namespace).Delete(ctx, binding.Name, metav1.DeleteOptions{}))
			index.DeleteRoleBinding(binding.Namespace, binding.Name, at)
		case 1:
			changed := binding.DeepCopy()
			changed.Subjects = g.subjects(&g.questions[g.IntN(len(g.questions))], false)
			must(t, second(api.RoleBindings(binding.Namespace).Update(ctx, changed, metav1.UpdateOptions{})))
			index.SetRoleBinding(changed, at)
		}
	}
	for _, binding := range g.clusterRoleBindings {
		if pick() {
			must(t, api.ClusterRoleBindings().Delete(ctx, binding.Name, metav1.DeleteOptions{}))
			index.DeleteClusterRoleBinding(binding.Name, at)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestBuiltInRoles holds what is built in against the ClusterRoles that the API server made.
func TestBuiltInRoles(t *testing.T) {
	const namespace = "built-in"
	ctx := t.Context()
	must(t, second(client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{})))
	eventually(t, "the controller has put view, edit and admin together", func() bool {
		admin, err := client.RbacV1().ClusterRoles().Get(ctx, "admin", metav1.GetOptions{})
		return err == nil && len(admin.Rules) > 0
	})
	aggregationSettled(t)
	index := access.NewRendered()
	var questions []question
	for _, role := range access.BuiltIn() {
		made, err := client.RbacV1().ClusterRoles().Get(ctx, role.Name, metav1.GetOptions{})
		must(t, err)
		delete(made.Labels, "kubernetes.io/bootstrapping")
		if len(made.Labels)+len(role.Labels) > 0 && !cmp.Equal(made.Labels, role.Labels) || !cmp.Equal(made.AggregationRule, role.AggregationRule) {
			t.Errorf("%s has the labels %v and selects %v, want %v and %v", role.Name, role.Labels, role.AggregationRule, made.Labels, made.AggregationRule)
		}
		q := question{namespace: namespace, account: access.Account{Namespace: namespace, Name: "has-" + role.Name}, rights: everyRight()}
		binding := &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: role.Name}, RoleRef: roleRef("ClusterRole", role.Name),
			Subjects: []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: userOf(q.account)}},
		}
		must(t, second(client.RbacV1().RoleBindings(namespace).Create(ctx, binding, metav1.CreateOptions{})))
		index.SetRoleBinding(binding, metav1.Now().Time)
		questions = append(questions, q)
	}
	caughtUp(t, "built-in-stamp")
	compare(t, "built-in roles", index, questions, answers(t, questions))
}

// everyRight is every right on the kinds that Flink's processes use.
func everyRight() []rights.Right {
	var all []rights.Right
	for _, verb := range []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"} {
		for _, resource := range []string{"configmaps", "pods", "services"} {
			all = append(all, rights.Right{Resource: resource, Verb: verb})
		}
		for _, resource := range []string{"deployments", "deployments/finalizers"} {
			all = append(all, rights.Right{Group: "apps", Resource: resource, Verb: verb})
		}
	}
	return all
}

// TestWhoAnAccountIs asks the API server with a token of an account which user and groups that is.
func TestWhoAnAccountIs(t *testing.T) {
	account := access.Account{Namespace: "default", Name: "flink"}
	ctx := t.Context()
	must(t, second(client.CoreV1().ServiceAccounts(account.Namespace).Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: account.Name}}, metav1.CreateOptions{})))
	token, err := client.CoreV1().ServiceAccounts(account.Namespace).CreateToken(ctx, account.Name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	must(t, err)
	review, err := client.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: token.Status.Token}}, metav1.CreateOptions{})
	must(t, err)
	got := review.Status.User
	slices.Sort(got.Groups)
	want := groupsOf(account)
	slices.Sort(want)
	if got.Username != userOf(account) || !cmp.Equal(got.Groups, want) {
		t.Errorf("got %q in %q", got.Username, got.Groups)
	}
}
