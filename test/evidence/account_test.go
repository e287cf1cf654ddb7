package evidence

import (
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// injected is the account that the shipped policy injects.
const injected = "flink"

// nameOf is how images, labels and rules call a role.
func nameOf(role workload.Role) string { return strings.ToLower(string(role)) }

// ruleOf is the rule about a role's account.
func ruleOf(role workload.Role) string { return nameOf(role) + "-rights-missing" }

// refusedAtTheStart is what comes of a JobManager or TaskManager whose account may not list ConfigMaps.
func refusedAtTheStart(namespace string) outcome {
	return dies("Could not create the ha services", `User "system:serviceaccount:`+namespace+`:`+injected+`" cannot list resource "configmaps"`)
}

// TestTheInjectedAccountIsBackedByRBAC applies a cluster that names no account, and runs its processes with what they then
// have: a token of the account that was injected, and the rights that the guard bound it to. Then it takes the rights away.
func TestTheInjectedAccountIsBackedByRBAC(t *testing.T) {
	s := shared
	roles := []workload.Role{workload.RoleJobManager, workload.RoleTaskManager}
	for _, of := range []flink.Release{flink.Release120, flink.Release23} {
		t.Run(string(of), func(t *testing.T) {
			t.Parallel()
			namespace := s.namespace(t)
			s.apply(t, namespace, configured(of, namespace))
			for _, role := range roles {
				s.awaitInjection(t, namespace, of, role)
			}
			for _, role := range roles {
				s.awaitRights(t, namespace, needs(t, of, role, false))
				output := s.apply(t, namespace, deployed(of, role, "", "2"), "--dry-run=server")
				if warning := warningOf(output, ruleOf(role)); warning != "" {
					t.Errorf("%s: got a warning of what is bound: %s", role, warning)
				}
			}
			s.runsAJob(t, namespace, of, injected, injected)

			s.turnOff(t, namespace)
			for _, role := range roles {
				s.unboundIsSaid(t, namespace, of, role)
			}
			for _, process := range []flink.Program{flink.JobManager(), flink.TaskManager()} {
				given := start{program: process, text: clustered, kubeconfig: s.kubeconfigOf(t, namespace, injected)}
				s.watch(t, namespace, of, given, refusedAtTheStart(namespace))
			}
		})
	}
}

// TestTheShippedRolesAreEnough gives JobManager and TaskManager an account each, with no more than the role of the manifests.
func TestTheShippedRolesAreEnough(t *testing.T) {
	s := shared
	for _, of := range []flink.Release{flink.Release118, flink.Release23} {
		t.Run(string(of), func(t *testing.T) {
			t.Parallel()
			namespace := s.unguarded(t)
			for _, name := range []string{"jobmanager", "taskmanager"} {
				s.account(t, namespace, name, rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "flink-ha-webhook-" + name})
			}
			s.runsAJob(t, namespace, of, "jobmanager", "taskmanager")
		})
	}
}

// awaitInjection applies a Deployment until the guard, which may not have seen its configuration yet, injects the account.
func (s *suite) awaitInjection(t *testing.T, namespace string, of flink.Release, role workload.Role) {
	t.Helper()
	eventually(t, "the account is injected", func() bool {
		s.apply(t, namespace, deployed(of, role, "", "1"))
		got := s.accountOf(t, namespace, nameOf(role))
		if got == [2]string{injected, injected} {
			return true
		}
		if err := s.client.AppsV1().Deployments(namespace).Delete(t.Context(), nameOf(role), metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		return false
	})
}

// unboundIsSaid removes what the guard bound until it has seen that it may no longer bind it, and says what is missing.
func (s *suite) unboundIsSaid(t *testing.T, namespace string, of flink.Release, role workload.Role) {
	t.Helper()
	bindings := s.client.RbacV1().RoleBindings(namespace)
	var warning string
	eventually(t, "a dry run warns with "+ruleOf(role), func() bool {
		if err := bindings.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
			t.Fatal(err)
		}
		warning = warningOf(s.apply(t, namespace, deployed(of, role, "", "3"), "--dry-run=server"), ruleOf(role))
		return warning != ""
	})
	for _, word := range []string{injected, "list", "watch", "configmaps"} {
		if !strings.Contains(warning, word) {
			t.Errorf("got the warning %q, want %q in it", warning, word)
		}
	}
}

// TestWithoutPatchLeadershipIsLost gives a JobManager all rights but the one that its lock is renewed with from 1.18 on. The
// lease is shorter than its default of 15 s, in which the same happens.
func TestWithoutPatchLeadershipIsLost(t *testing.T) {
	s := shared
	const election = "-Dhigh-availability.kubernetes.leader-election."
	short := []string{election + "lease-duration=3 s", election + "renew-deadline=3 s", election + "retry-period=1 s"}
	for _, of := range []flink.Release{flink.Release118, flink.Release120, flink.Release23} {
		t.Run(string(of), func(t *testing.T) {
			t.Parallel()
			namespace := s.namespace(t, "flink-ha.dev/enforce=off")
			s.account(t, namespace, injected, s.role(t, namespace, withoutPatch(needs(t, of, workload.RoleJobManager, false))))
			s.apply(t, namespace, configured(of, namespace))
			warning := s.warns(t, namespace, deployed(of, workload.RoleJobManager, injected, "1"), ruleOf(workload.RoleJobManager))
			if !strings.Contains(warning, "patch") || strings.Contains(warning, "list") {
				t.Errorf("got the warning %q, want it to name patch and nothing else", warning)
			}
			lost := leads()
			lost.says = append(lost.says, literally([]string{"Resource manager service is revoked leadership"})...)
			given := start{program: flink.JobManager(), text: clustered, arguments: short, kubeconfig: s.kubeconfigOf(t, namespace, injected)}
			s.watch(t, namespace, of, given, lost)
		})
	}
}
