package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// developer is a user who may make Deployments in a namespace, and nothing else.
func (s *suite) developer(t *testing.T, namespace string) user {
	t.Helper()
	who := user{name: "developer-" + namespace, groups: []string{"system:authenticated"}}
	role := &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{Name: "developer"},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"create"}}},
	}
	if _, err := s.client.RbacV1().Roles(namespace).Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "developer"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: who.name}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name},
	}
	if _, err := s.client.RbacV1().RoleBindings(namespace).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the developer to have the right", func() bool { return s.may(t, who, "create", "apps/deployments", namespace) })
	return who
}

// TestWhatADeveloperGainsByALookalike is the whole of it: somebody who may make Deployments makes one that looks like Flink's and
// runs another program. Its pods get the rights of a ClusterRole for Flink in this namespace; the developer, and everything
// outside of the namespace, is as before.
func TestWhatADeveloperGainsByALookalike(t *testing.T) {
	s := shared
	for name, tc := range map[string]struct {
		lookalike func(namespace string) *appsv1.Deployment
		roles     []string
	}{
		"of a JobManager":        {func(namespace string) *appsv1.Deployment { return standalone("jm", namespace) }, []string{jobManagerRole}},
		"of a TaskManager":       {func(namespace string) *appsv1.Deployment { return taskManager("tm", namespace) }, []string{taskManagerRole}},
		"of a native JobManager": {func(string) *appsv1.Deployment { return nativeJobManager("native") }, []string{jobManagerRole, nativeRole}},
	} {
		t.Run(name, func(t *testing.T) {
			namespace, other := s.namespace(t), s.namespace(t)
			who := s.developer(t, namespace)
			before := s.rightsIn(t, who, namespace)
			made := tc.lookalike(namespace)
			made.Spec.Template.Spec.Containers[0].Image = "registry.example.com/flink/not-flink-at-all:1.19"
			if _, err := s.as(t, who).AppsV1().Deployments(namespace).Create(t.Context(), made, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
			s.awaitGrants(t, namespace, "flink", tc.roles...)
			if diff := cmp.Diff(s.rightsOf(t, tc.roles...), s.rightsIn(t, of(namespace, "flink"), namespace)); diff != "" {
				t.Errorf("what the pods may do (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, s.rightsIn(t, who, namespace)); diff != "" {
				t.Errorf("the developer's own rights (-before +after):\n%s", diff)
			}
			for _, place := range []string{other, "kube-system", "flink-ha-system", "default"} {
				if got := s.rightsIn(t, of(namespace, "flink"), place); len(got) > 0 {
					t.Errorf("in %s the pods may %q, want nothing", place, got)
				}
			}
			s.wantNoMoreThanFlinkNeeds(t, namespace)
		})
	}
}

// wantNoMoreThanFlinkNeeds asks for what would let the pods reach further.
func (s *suite) wantNoMoreThanFlinkNeeds(t *testing.T, namespace string) {
	t.Helper()
	for _, resource := range []string{
		"secrets", "serviceaccounts", "serviceaccounts/token", "pods/exec", "pods/log", "pods/ephemeralcontainers",
		"rbac.authorization.k8s.io/roles", "rbac.authorization.k8s.io/rolebindings", "apps/daemonsets", "batch/jobs",
	} {
		for _, verb := range []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"} {
			if s.may(t, of(namespace, "flink"), verb, resource, namespace) {
				t.Errorf("the pods may %s %s", verb, resource)
			}
		}
	}
	for _, right := range [][2]string{{"create", "apps/deployments"}, {"patch", "apps/deployments"}, {"update", "apps/deployments"}, {"patch", "pods"}, {"update", "pods"}} {
		if s.may(t, of(namespace, "flink"), right[0], right[1], namespace) {
			t.Errorf("the pods may %s %s", right[0], right[1])
		}
	}
}

// TestThePolicyLimitsWhoGainsRights: where it says so, a workload changes nothing.
func TestThePolicyLimitsWhoGainsRights(t *testing.T) {
	s := shared
	for name, tc := range map[string]struct {
		policy func(namespace string) string
		labels []string
	}{
		"provision: false":         {policy: func(string) string { return "serviceAccounts: {provision: false}\n" }},
		"inject: false":            {policy: func(string) string { return "serviceAccounts: {inject: false}\n" }},
		"labelled namespaces only": {policy: func(string) string { return "serviceAccounts: {labelledNamespacesOnly: true}\n" }},
		"an exempt namespace": {policy: func(namespace string) string {
			return fmt.Sprintf("exemptions:\n  namespaces: [{name: %s, reason: a test, until: 2099-12-31}]\n", namespace)
		}},
		"enforce: off": {labels: []string{"flink-ha.dev/enforce=off"}},
		"no guard":     {labels: []string{"flink-ha.dev/guard=disabled"}},
	} {
		t.Run(name, func(t *testing.T) {
			namespace := s.namespace(t, tc.labels...)
			s.awaitNamespace(t, namespace)
			if tc.policy != nil {
				s.setPolicy(t, tc.policy(namespace))
			}
			who := s.developer(t, namespace)
			created, err := s.as(t, who).AppsV1().Deployments(namespace).Create(t.Context(), standalone("jm", namespace), metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got := created.Spec.Template.Spec.ServiceAccountName; got != "" {
				t.Errorf("got the account %q, want none", got)
			}
			s.create(t, namespace, onAccount(taskManager("tm", namespace), "flink"))
			s.wantNothingMadeUnder(t, namespace, tc.policy != nil)
		})
	}
}

// wantNothingMadeUnder is wantNothingMade under a policy that may keep the guard from making anything anywhere: then there is
// nothing to wait for but time, of which it takes a fraction of a second otherwise.
func (s *suite) wantNothingMadeUnder(t *testing.T, namespace string, limited bool) {
	t.Helper()
	if !limited {
		s.wantNothingMade(t, namespace)
		return
	}
	for range 10 {
		time.Sleep(50 * time.Millisecond)
		if s.serviceAccount(t, namespace, "flink") != nil || len(s.grants(t, namespace, "flink")) > 0 {
			t.Fatal("the account was made")
		}
	}
}

// TestLabelledNamespacesOnly is the other half: a namespace that its administrator labelled is served.
func TestLabelledNamespacesOnly(t *testing.T) {
	s := shared
	s.setPolicy(t, "serviceAccounts: {labelledNamespacesOnly: true}\n")
	namespace := s.namespace(t, "flink-ha.dev/service-account=flink")
	s.awaitNamespace(t, namespace)
	s.create(t, namespace, standalone("jm", namespace))
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
	who := s.developer(t, namespace)
	_, err := s.as(t, who).CoreV1().Namespaces().Patch(t.Context(), namespace, types.MergePatchType, []byte(`{"metadata":{"labels":{"flink-ha.dev/service-account":"admin"}}}`), metav1.PatchOptions{})
	if !apierrors.IsForbidden(err) {
		t.Errorf("got %v, want that a developer cannot set the label", err)
	}
}

// TestWhatWasNotAdmittedMakesNothing: a dry run, and a request that is refused.
func TestWhatWasNotAdmittedMakesNothing(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.awaitNamespace(t, namespace)
	caller := s.caller(t, "")
	if got := s.injected(t, namespace); got != "flink" {
		t.Fatalf("in a dry run: got the account %q, want the edit that a real one gets", got)
	}
	refused := jobManager("jm", "", properties(configuration(namespace, "high-availability.storageDir: file://ha"))...)
	if got := caller.create(t, namespace, refused); !slices.Equal(got.denied, []string{"storage-dir-invalid"}) {
		t.Fatalf("got %+v, want it refused", got)
	}
	// The namespace has other life in it: what the guard looks after are namespaces.
	s.create(t, namespace, deployment("web", "", "serve"))
	s.wantNothingMade(t, namespace)
}
