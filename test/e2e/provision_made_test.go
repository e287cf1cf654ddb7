package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestAnAccountGetsJustTheRolesThatItsProcessesNeed in a namespace of its own for each case: the bindings, and what the API server
// makes of them.
func TestAnAccountGetsJustTheRolesThatItsProcessesNeed(t *testing.T) {
	s := shared
	for name, tc := range map[string]struct {
		make  func(t *testing.T, namespace string)
		roles []string
	}{
		"a JobManager":            {func(t *testing.T, n string) { s.create(t, n, standalone("jm", n)) }, []string{jobManagerRole}},
		"a JobManager in a Job":   {func(t *testing.T, n string) { s.create(t, n, inJob(standalone("jm", n))) }, []string{jobManagerRole}},
		"a TaskManager":           {func(t *testing.T, n string) { s.create(t, n, taskManager("tm", n)) }, []string{taskManagerRole}},
		"a TaskManager, stateful": {func(t *testing.T, n string) { s.create(t, n, inStatefulSet(taskManager("tm", n))) }, []string{taskManagerRole}},
		"both, on one account": {func(t *testing.T, n string) {
			s.create(t, n, standalone("jm", n))
			s.create(t, n, taskManager("tm", n))
		}, []string{jobManagerRole}},
		"a native cluster":             {func(t *testing.T, n string) { s.createNative(t, n, "session") }, []string{jobManagerRole, nativeRole}},
		"a FlinkDeployment":            {func(t *testing.T, n string) { s.apply(t, n, flinkDeployment("orders")) }, []string{jobManagerRole, nativeRole}},
		"a FlinkDeployment, no pods":   {func(t *testing.T, n string) { s.apply(t, n, flinkDeployment("orders")+"  mode: standalone\n") }, []string{jobManagerRole}},
		"a namespace that is labelled": {func(t *testing.T, n string) { s.label(t, n, "flink-ha.dev/service-account=flink") }, []string{jobManagerRole}},
	} {
		t.Run(name, func(t *testing.T) {
			namespace := s.namespace(t)
			s.awaitNamespace(t, namespace)
			tc.make(t, namespace)
			s.awaitGrants(t, namespace, "flink", tc.roles...)
			got := s.rightsIn(t, of(namespace, "flink"), namespace)
			if diff := cmp.Diff(s.rightsOf(t, tc.roles...), got); diff != "" {
				t.Errorf("what the account may do (-want +got):\n%s", diff)
			}
			if native := slices.Contains(tc.roles, nativeRole); s.may(t, of(namespace, "flink"), "create", "pods", namespace) != native {
				t.Errorf("the account may make pods: %t, want %t", !native, native)
			}
		})
	}
}

// TestANamespaceNamesAnotherAccount by label.
func TestANamespaceNamesAnotherAccount(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/service-account=streams")
	s.awaitNamespace(t, namespace)
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), standalone("jm", namespace), metav1.CreateOptions{})
	if err != nil || created.Spec.Template.Spec.ServiceAccountName != "streams" {
		t.Fatalf("got %v, %q, want the account of the label", err, created.Spec.Template.Spec.ServiceAccountName)
	}
	s.awaitGrants(t, namespace, "streams", jobManagerRole)
	if s.serviceAccount(t, namespace, "flink") != nil {
		t.Error("the account of the policy was made as well")
	}
}

// TestDriftIsHealed of the binding: whatever somebody does to it, the account has its rights again.
func TestDriftIsHealed(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.create(t, namespace, standalone("jm", namespace))
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
	bindings := s.client.RbacV1().RoleBindings(namespace)
	current := func() *rbacv1.RoleBinding {
		binding, err := bindings.Get(t.Context(), jobManagerRole, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return binding
	}
	for _, drift := range []struct {
		what string
		do   func() error
	}{
		{"another subject", func() error {
			binding := current()
			binding.Subjects = []rbacv1.Subject{subject("elsewhere", "flink")}
			_, err := bindings.Update(t.Context(), binding, metav1.UpdateOptions{})
			return err
		}},
		{"a user more", func() error {
			binding := current()
			binding.Subjects = append(binding.Subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "somebody"})
			_, err := bindings.Update(t.Context(), binding, metav1.UpdateOptions{})
			return err
		}},
		{"an account more", func() error {
			binding := current()
			binding.Subjects = append(binding.Subjects, subject(namespace, "default"))
			_, err := bindings.Update(t.Context(), binding, metav1.UpdateOptions{})
			return err
		}},
		{"no subject", func() error {
			binding := current()
			binding.Subjects = nil
			_, err := bindings.Update(t.Context(), binding, metav1.UpdateOptions{})
			return err
		}},
		{"deleted", func() error { return bindings.Delete(t.Context(), jobManagerRole, metav1.DeleteOptions{}) }},
		{"another role", func() error {
			binding := current()
			if err := bindings.Delete(t.Context(), jobManagerRole, metav1.DeleteOptions{}); err != nil {
				return err
			}
			binding.ResourceVersion, binding.UID, binding.RoleRef.Name = "", "", taskManagerRole
			_, err := bindings.Create(t.Context(), binding, metav1.CreateOptions{})
			return err
		}},
	} {
		t.Run(drift.what, func(t *testing.T) {
			// The guard may be faster with its healing than the drift is complete.
			eventually(t, "the drift to be done", func() bool { return drift.do() == nil })
			eventually(t, "the binding to be healed", func() bool {
				binding, err := bindings.Get(t.Context(), jobManagerRole, metav1.GetOptions{})
				return err == nil && binding.RoleRef.Name == jobManagerRole && slices.Equal(binding.Subjects, []rbacv1.Subject{subject(namespace, "flink")})
			})
		})
	}
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
}

// TestAnAccountThatIsMadeAgainIsToldOf since the tokens of running pods died with the old one.
func TestAnAccountThatIsMadeAgainIsToldOf(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.create(t, namespace, standalone("jm", namespace))
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
	var pod string
	eventually(t, "the JobManager's pod", func() bool {
		pods, err := s.client.CoreV1().Pods(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "app=jm"})
		if err == nil && len(pods.Items) == 1 {
			pod = pods.Items[0].Name
		}
		return pod != ""
	})
	old := s.serviceAccount(t, namespace, "flink")
	// Old pods are told by the time of their creation, which has whole seconds.
	time.Sleep(2 * time.Second)
	if err := s.client.CoreV1().ServiceAccounts(namespace).Delete(t.Context(), "flink", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the account to be made again", func() bool {
		account := s.serviceAccount(t, namespace, "flink")
		return account != nil && account.UID != old.UID
	})
	eventually(t, "an Event that names the pod "+pod, func() bool {
		return s.toldOf(t, namespace, corev1.EventTypeWarning, pod)
	})
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
}

// toldOf tells whether there is an Event of the guard of that type, with a text in it.
func (s *suite) toldOf(t *testing.T, namespace, kind, text string) bool {
	t.Helper()
	events, err := s.client.EventsV1().Events(namespace).List(t.Context(), metav1.ListOptions{})
	return err == nil && slices.ContainsFunc(events.Items, func(event eventsv1.Event) bool {
		return event.ReportingController == "flink-ha-webhook" && event.Type == kind && contains(event.Note, text)
	})
}
