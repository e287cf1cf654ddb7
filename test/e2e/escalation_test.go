package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	rbacac "k8s.io/client-go/applyconfigurations/rbac/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// guardConfig is a client configuration with a token of the guard's own account: whoever takes the guard over has this.
func (s *suite) guardConfig(t *testing.T) *rest.Config {
	t.Helper()
	kubeconfig, err := s.ServiceAccountKubeconfig(t.Context(), bench.Namespace, bench.ServiceAccount)
	if err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	config.WarningHandler = rest.NoWarnings{}
	return config
}

func clientOf(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// guardWrites is all that the guard may do besides reading, anywhere, each with its reason. Whoever adds a line has thought
// about what somebody could do with it who took the guard over.
func guardWrites() []string {
	return []string{
		// Owner references of HA ConfigMaps. The policy own-writes.flink-ha.dev holds this to their names, as RBAC cannot.
		"patch configmaps",
		// Events: nothing acts on them.
		"create events.events.k8s.io",
		// The CA bundle of its own registrations.
		"patch mutatingwebhookconfigurations.admissionregistration.k8s.io/flink-ha-webhook",
		"patch validatingwebhookconfigurations.admissionregistration.k8s.io/flink-ha-webhook",
		// An account by itself has no rights.
		"create serviceaccounts",
		// The account that it made gets the credentials of "default" where the policy says so.
		"patch serviceaccounts/flink",
		// Bindings of three names, to three roles.
		"create rolebindings.rbac.authorization.k8s.io/" + jobManagerRole,
		"create rolebindings.rbac.authorization.k8s.io/" + nativeRole,
		"create rolebindings.rbac.authorization.k8s.io/" + taskManagerRole,
		"patch rolebindings.rbac.authorization.k8s.io/" + jobManagerRole,
		"patch rolebindings.rbac.authorization.k8s.io/" + nativeRole,
		"patch rolebindings.rbac.authorization.k8s.io/" + taskManagerRole,
		"delete rolebindings.rbac.authorization.k8s.io/" + jobManagerRole,
		"delete rolebindings.rbac.authorization.k8s.io/" + nativeRole,
		"delete rolebindings.rbac.authorization.k8s.io/" + taskManagerRole,
		"bind clusterroles.rbac.authorization.k8s.io/" + jobManagerRole,
		"bind clusterroles.rbac.authorization.k8s.io/" + nativeRole,
		"bind clusterroles.rbac.authorization.k8s.io/" + taskManagerRole,
	}
}

// guardWritesAtHome is what it may do in its own namespace besides.
func guardWritesAtHome() []string {
	return []string{
		"create events", "patch events",
		"create leases.coordination.k8s.io", "update leases.coordination.k8s.io/flink-ha-webhook",
		// Its CA, and HA state that was deleted.
		"create secrets", "update secrets/flink-ha-webhook-ca", "patch secrets", "delete secrets",
	}
}

// isRead tells of a verb that changes nothing.
func isRead(right string) bool {
	verb, _, _ := strings.Cut(right, " ")
	return slices.Contains([]string{"get", "list", "watch"}, verb)
}

// TestTheGuardMayDoNothingElse compares all rights that the API server finds for the guard's account with what is written above.
func TestTheGuardMayDoNothingElse(t *testing.T) {
	s := shared
	guard := of(bench.Namespace, bench.ServiceAccount)
	for namespace, want := range map[string][]string{
		s.namespace(t):  guardWrites(),
		"kube-system":   guardWrites(),
		bench.Namespace: append(guardWrites(), guardWritesAtHome()...),
	} {
		all := s.rightsIn(t, guard, namespace)
		writes := slices.DeleteFunc(slices.Clone(all), isRead)
		slices.Sort(writes)
		slices.Sort(want)
		if diff := cmp.Diff(want, writes); diff != "" {
			t.Errorf("in %s (-want +got):\n%s", namespace, diff)
		}
		for _, right := range all {
			secrets := strings.Contains(right, " secrets") && isRead(right) && (namespace != bench.Namespace || right != "list secrets" && !strings.HasSuffix(right, " secrets/flink-ha-webhook-ca"))
			if secrets || strings.ContainsAny(right, "*") || strings.HasPrefix(right, "escalate ") || strings.HasPrefix(right, "impersonate ") {
				t.Errorf("in %s the guard may %q", namespace, right)
			}
		}
	}
}

// An attempt is something that must not be possible with the guard's account.
type attempt struct {
	what string
	do   func(ctx context.Context) error
}

// TestTheGuardCannot tries it, on the real API server, as the guard. Everything that is tried would work for an administrator but
// for what is not there.
func TestTheGuardCannot(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.create(t, namespace, standalone("jm", namespace))
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), leaderState("guarded", nil), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	config := s.guardConfig(t)
	guard := clientOf(t, config)
	for _, attempt := range slices.Concat(
		bindingAttempts(guard, namespace), roleAttempts(guard), secretAttempts(guard, namespace),
		accountAttempts(guard, namespace), workloadAttempts(guard, namespace), otherAttempts(guard, namespace),
		impersonationAttempts(t, config, namespace),
	) {
		// By its rights, or by the policy about its own writes, and not by what an admission webhook thinks of it.
		if err := attempt.do(t.Context()); !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "system:serviceaccount:flink-ha-system:flink-ha-webhook") {
			t.Errorf("%s: got %v, want it forbidden", attempt.what, err)
		}
	}
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
}

// bind applies a RoleBinding of that name to a ClusterRole, as the guard's controller does.
func bind(ctx context.Context, client kubernetes.Interface, namespace, name, role string) error {
	binding := rbacac.RoleBinding(name, namespace).
		WithSubjects(rbacac.Subject().WithKind(rbacv1.ServiceAccountKind).WithNamespace(namespace).WithName("flink")).
		WithRoleRef(rbacac.RoleRef().WithAPIGroup(rbacv1.GroupName).WithKind("ClusterRole").WithName(role))
	_, err := client.RbacV1().RoleBindings(namespace).Apply(ctx, binding, metav1.ApplyOptions{FieldManager: "test", Force: true})
	return err
}

// TestTheAttemptsAreFair: what the guard does itself succeeds in the way that the attempts below take.
func TestTheAttemptsAreFair(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	guard := clientOf(t, s.guardConfig(t))
	for _, role := range []string{jobManagerRole, nativeRole, taskManagerRole} {
		if err := bind(t.Context(), guard, namespace, role, role); err != nil {
			t.Errorf("binding %s: %v", role, err)
		}
	}
}

func bindingAttempts(guard kubernetes.Interface, namespace string) []attempt {
	var attempts []attempt
	for _, role := range []string{"cluster-admin", "admin", "edit", "view", "system:node", "system:controller:replicaset-controller", "flink-ha-webhook"} {
		attempts = append(attempts, attempt{"binding " + role, func(ctx context.Context) error {
			return bind(ctx, guard, namespace, nativeRole, role)
		}})
	}
	posted := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: nativeRole},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: nativeRole},
	}
	everywhere := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: nativeRole},
		Subjects:   []rbacv1.Subject{subject(namespace, "flink")}, RoleRef: posted.RoleRef,
	}
	return append(attempts,
		attempt{"a binding of another name", func(ctx context.Context) error {
			return bind(ctx, guard, namespace, "another", jobManagerRole)
		}},
		attempt{"a binding that is posted, since no name holds that", func(ctx context.Context) error {
			_, err := guard.RbacV1().RoleBindings(namespace).Create(ctx, posted, metav1.CreateOptions{})
			return err
		}},
		attempt{"the role in all namespaces", func(ctx context.Context) error {
			_, err := guard.RbacV1().ClusterRoleBindings().Create(ctx, everywhere, metav1.CreateOptions{})
			return err
		}},
		attempt{"deleting all bindings", func(ctx context.Context) error {
			return guard.RbacV1().RoleBindings(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
		}},
	)
}
