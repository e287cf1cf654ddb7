package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

const (
	keptStates = "flink-ha.dev/kept=ha-state"
	leaderMap  = "demo-cluster-config-map"
	graphKey   = "executionPlan-" + flinkJob
)

// stateOfLeader is the HA ConfigMap of a leader with a job.
func stateOfLeader(cluster string) *corev1.ConfigMap {
	state := leaderState(cluster, nil)
	state.Data[graphKey] = "pointer"
	return state
}

// runningCluster is a namespace with a JobManager and the HA state of its job, which the guard knows.
func (s *suite) runningCluster(t *testing.T) string {
	t.Helper()
	namespace := s.liveCluster(t, s.caller(t, ""))
	patch := fmt.Sprintf(`{"data":{%q:"pointer"}}`, graphKey)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Patch(t.Context(), leaderMap, types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	return namespace
}

func (s *suite) deleteState(t *testing.T, user, namespace string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := s.caller(t, user).CoreV1().ConfigMaps(namespace).Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

// kept are the annotations of what is kept of a namespace, by the names of the ConfigMaps: the last one that was deleted of each.
func (s *suite) kept(t *testing.T, namespace string) map[string]map[string]string {
	t.Helper()
	secrets, err := s.client.CoreV1().Secrets(bench.Namespace).List(t.Context(), metav1.ListOptions{LabelSelector: keptStates})
	if err != nil {
		t.Fatal(err)
	}
	deleted := func(of map[string]string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, of["flink-ha.dev/deleted-at"])
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	kept := map[string]map[string]string{}
	for _, secret := range secrets.Items {
		of := secret.Annotations
		if of["flink-ha.dev/namespace"] != namespace {
			continue
		}
		if earlier, known := kept[of["flink-ha.dev/configmap"]]; !known || deleted(of).After(deleted(earlier)) {
			kept[of["flink-ha.dev/configmap"]] = of
		}
	}
	return kept
}

// awaitKept waits until ConfigMaps are kept, with who deleted them.
func (s *suite) awaitKept(t *testing.T, namespace, deleter string, names ...string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%s to be kept, deleted by %s", names, deleter), func() bool {
		kept := s.kept(t, namespace)
		return !slices.ContainsFunc(names, func(name string) bool { return kept[name]["flink-ha.dev/deleter"] != deleter })
	})
}

func (s *suite) data(t *testing.T, namespace, name string) map[string]string {
	t.Helper()
	found, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return found.Data
}

// restore runs "state restore" as the administrator.
func (s *suite) restore(t *testing.T, wantCode int, arguments ...string) string {
	t.Helper()
	stdout, stderr, code := s.stateCommand(t, s.Kubeconfig, append([]string{"restore"}, arguments...)...)
	if code != wantCode {
		t.Fatalf("state restore %s: exit code %d, want %d\n%s\n%s", arguments, code, wantCode, stdout, stderr)
	}
	return stdout + stderr
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("got:\n%s\nwant it to say %q", text, part)
		}
	}
}

func TestDeletedHAStateIsKeptAndRestored(t *testing.T) {
	s := shared
	namespace := s.runningCluster(t)
	jobMap := stateOfJob("demo").Name
	s.deleteState(t, "alice", namespace, leaderMap, jobMap)
	s.awaitKept(t, namespace, "other", leaderMap, jobMap)
	if of := s.kept(t, namespace)[jobMap]; of["flink-ha.dev/deleted-by"] != "alice" || of["flink-ha.dev/live"] != "true" {
		t.Errorf("kept with %v, want it to name alice and a cluster in use", of)
	}
	for _, kind := range []string{"ConfigMap", "Deployment"} {
		eventually(t, "an Event on the "+kind, func() bool {
			return s.toldOn(t, namespace, kind, `user "alice" deleted HA ConfigMap "`+leaderMap+`"`, "state restore -n "+namespace+" demo")
		})
	}
	s.killGuard(t) // what is kept outlives it

	wantText(t, s.restore(t, 0, "-n", namespace, "--list"), leaderMap, jobMap, "alice")
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--dry-run"), "to be created", "nothing was restored")
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "-o", "yaml"), "name: "+leaderMap, graphKey+": pointer")
	wantText(t, s.restore(t, 2, "-n", namespace, "demo"), "--yes")
	if data := s.data(t, namespace, leaderMap); data != nil {
		t.Fatalf("got %v before anybody said yes", data)
	}
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--yes"), "is restored", "The next leader")
	if diff := cmp.Diff(map[string]string{graphKey: "pointer"}, s.data(t, namespace, leaderMap)); diff != "" {
		t.Errorf("the leader's ConfigMap, without leader data (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(stateOfJob("demo").Data, s.data(t, namespace, jobMap)); diff != "" {
		t.Errorf("the job's ConfigMap (-want +got):\n%s", diff)
	}
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--yes"), "is passed over: it was brought back")
	wantText(t, s.restore(t, 0, "-n", namespace, "--configmap", jobMap, "--yes"), "nothing to do")
	if s.kept(t, namespace)[jobMap]["flink-ha.dev/restored-at"] == "" {
		t.Error("it is not noted that it is back")
	}
}

// toldOn tells whether an Event on an object of a kind says all of something.
func (s *suite) toldOn(t *testing.T, namespace, kind string, texts ...string) bool {
	t.Helper()
	events, err := s.client.EventsV1().Events(namespace).List(t.Context(), metav1.ListOptions{})
	return err == nil && slices.ContainsFunc(events.Items, func(event eventsv1.Event) bool {
		lacks := slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(event.Note, text) })
		return event.Regarding.Kind == kind && !lacks
	})
}

// TestARestoredLeaderConfigMapCanBeLocked: Flink's client never makes a lock on a ConfigMap that is there without the annotation.
func TestARestoredLeaderConfigMapCanBeLocked(t *testing.T) {
	s := shared
	namespace := s.runningCluster(t)
	s.deleteState(t, "alice", namespace, leaderMap)
	s.awaitKept(t, namespace, "other", leaderMap)
	s.restore(t, 0, "-n", namespace, "demo", "--yes")
	restored, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), leaderMap, metav1.GetOptions{})
	if err != nil || restored.Annotations[leaderAnnotation] != lock(0) {
		t.Errorf("got %v, %v, want the lock as it was", restored.Annotations, err)
	}
}

func TestNothingIsRestoredOverWhatIsNewer(t *testing.T) {
	s := shared
	namespace := s.runningCluster(t)
	jobMap := stateOfJob("demo").Name
	s.deleteState(t, "alice", namespace, leaderMap, jobMap)
	s.awaitKept(t, namespace, "other", leaderMap, jobMap)
	newer := stateOfJob("demo")
	newer.Data = map[string]string{"counter": "3", "checkpointID-0000000000000000002": "newer"}
	// A JobManager that dies makes an empty one: that is in nobody's way.
	for _, state := range []*corev1.ConfigMap{leaderState("demo", nil), newer} {
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), state, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	said := s.restore(t, 1, "-n", namespace, "demo", "--yes")
	wantText(t, said, "refused: ", "newer than the deletion", "/"+flinkJob+"/chk-7", "flink run -s", "nothing was restored")
	if data := s.data(t, namespace, leaderMap); data[graphKey] != "" {
		t.Errorf("the leader's ConfigMap got %v although that of the job was refused", data)
	}
	if err := s.client.CoreV1().ConfigMaps(namespace).Delete(t.Context(), jobMap, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	s.awaitKept(t, namespace, "other", jobMap)
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--yes"), "1 key to be added to the one that is there")
	if data := s.data(t, namespace, leaderMap); data[graphKey] != "pointer" || data["org.apache.flink.k8s.leader.dispatcher"] == "" {
		t.Errorf("got %v, want both the leader and the job", data)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	s := shared
	namespace, free := s.runningCluster(t), s.namespace(t, "flink-ha.dev/guard=disabled")
	empty, foreign := leaderState("empty", nil), leaderState("foreign", nil)
	foreign.Name = "flink-config-foreign"
	unguarded := stateOfLeader("unguarded")
	for _, state := range []*corev1.ConfigMap{empty, foreign} {
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), state, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.client.CoreV1().ConfigMaps(free).Create(t.Context(), unguarded, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	// The watch takes it for deleted when its label is gone.
	unlabel := []byte(`{"metadata":{"labels":{"type":null}}}`)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Patch(t.Context(), leaderMap, types.MergePatchType, unlabel, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	s.deleteState(t, "alice", namespace, empty.Name, foreign.Name)
	s.deleteState(t, "alice", free, unguarded.Name)
	// Flink's own clean-up, which empties the ConfigMap first, is kept, and nobody is told.
	jobMap := stateOfJob("demo").Name
	ended := []byte(`{"data":{"checkpointID-0000000000000000007":null}}`)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Patch(t.Context(), jobMap, types.MergePatchType, ended, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	s.deleteState(t, "system:serviceaccount:"+namespace+":jobs", namespace, jobMap)
	s.awaitKept(t, namespace, "flink", jobMap)
	if kept := s.kept(t, namespace); len(kept) != 1 {
		t.Errorf("kept %v, want the job's ConfigMap alone", kept)
	}
	if kept := s.kept(t, free); len(kept) != 0 {
		t.Errorf("kept %v of a namespace that is free of the guard", kept)
	}
	if s.toldOn(t, namespace, "ConfigMap", "deleted HA ConfigMap") {
		t.Error("there is an Event of Flink's own clean-up")
	}
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--yes"), "is passed over", "the job had ended")
	wantText(t, s.restore(t, 0, "-n", namespace, "--configmap", jobMap, "--yes"), "is restored")
}

// TestDeletionsUnderAnAccountLikeFlinksAreTold: Flink itself empties what it deletes.
func TestDeletionsUnderAnAccountLikeFlinksAreTold(t *testing.T) {
	s := shared
	namespace := s.runningCluster(t)
	jobMap := stateOfJob("demo").Name
	s.deleteState(t, "system:serviceaccount:"+namespace+":jobs", namespace, jobMap)
	s.awaitKept(t, namespace, "flink", jobMap)
	eventually(t, "an Event on the Deployment", func() bool {
		return s.toldOn(t, namespace, "Deployment", "an account that may be Flink's", "state restore -n "+namespace+" demo")
	})
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--yes"), "which may be Flink's account", "is restored")
}

// TestJobsAreNotRestoredWithoutTheirCheckpoints: Flink would start them from nothing, without an error.
func TestJobsAreNotRestoredWithoutTheirCheckpoints(t *testing.T) {
	s := shared
	namespace := s.runningCluster(t)
	s.setPolicy(t, "haConfigMaps: {undelete: auto}\n")
	s.mayCreateConfigMaps(t)
	jobMap := stateOfJob("demo").Name
	s.deleteState(t, "system:serviceaccount:ops:tidy", namespace, jobMap)
	s.deleteState(t, "alice", namespace, leaderMap)
	for name, because := range map[string]string{jobMap: "a service account deleted it", leaderMap: "would start from empty state"} {
		eventually(t, "an Event that leaves it to people", func() bool { return s.toldOn(t, namespace, "Deployment", name, because) })
	}
	wantText(t, s.restore(t, 1, "-n", namespace, "--configmap", leaderMap, "--yes"), "job "+flinkJob+" would start from its beginning", "nothing was restored")
	if !s.isGone(t, namespace, leaderMap) {
		t.Error("the job is back without its checkpoints")
	}
	wantText(t, s.restore(t, 0, "-n", namespace, "demo", "--yes"), "is restored")
}

func TestThePolicyMayKeepNothing(t *testing.T) {
	s := shared
	namespace := s.runningCluster(t)
	jobMap := stateOfJob("demo").Name
	s.setPolicy(t, "haConfigMaps: {keepDeletedDays: 0}\n")
	s.deleteState(t, "alice", namespace, leaderMap)
	s.setPolicy(t, "haConfigMaps: {keepDeletedDays: 1}\n")
	// Only what is deleted once the guard watches again is kept.
	eventually(t, "something to be kept again", func() bool {
		s.deleteState(t, "alice", namespace, jobMap)
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), stateOfJob("demo"), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		return len(s.kept(t, namespace)) > 0
	})
	if kept := s.kept(t, namespace); kept[leaderMap] != nil {
		t.Errorf("kept %v although the policy said to keep nothing", kept)
	}
	said := s.restore(t, 2, "-n", namespace, "other")
	wantText(t, said, `no deleted HA ConfigMap of a cluster "other"`, "chk-<n>")
}

// mayCreateConfigMaps gives the guard the right that the policy "auto" needs, as the manifests say in a comment.
func (s *suite) mayCreateConfigMaps(t *testing.T) {
	t.Helper()
	const name = "e2e-undelete-auto"
	roles := s.client.RbacV1()
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"create"}}}}
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: bench.Namespace, Name: bench.ServiceAccount}},
	}
	if _, err := roles.ClusterRoles().Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := roles.ClusterRoleBindings().Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := roles.ClusterRoleBindings().Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
		if err := roles.ClusterRoles().Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
	})
}

func TestTheGuardBringsHAStateBackByItself(t *testing.T) {
	s := shared
	jobMap := stateOfJob("demo").Name
	s.setPolicy(t, "haConfigMaps: {undelete: auto}\n")
	namespace := s.runningCluster(t)
	s.deleteState(t, "alice", namespace, jobMap)
	eventually(t, "an Event that says what the guard lacks", func() bool { return s.toldOn(t, namespace, "Deployment", "it lacks the right") })

	s.mayCreateConfigMaps(t)
	namespace = s.runningCluster(t)
	s.deleteState(t, "alice", namespace, leaderMap, jobMap)
	// The JobManager dies of it, and makes an empty one.
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), leaderState("demo", nil), metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
	eventually(t, "both to be back", func() bool {
		return s.data(t, namespace, leaderMap)[graphKey] == "pointer" && cmp.Equal(s.data(t, namespace, jobMap), stateOfJob("demo").Data)
	})
	for _, name := range []string{leaderMap, jobMap} {
		eventually(t, "an Event on the Deployment", func() bool {
			return s.toldOn(t, namespace, "Deployment", `user "alice" deleted HA ConfigMap "`+name+`"`, "the guard has brought it back")
		})
	}

	// A job that ends takes its ConfigMap with it.
	s.deleteState(t, "system:serviceaccount:"+namespace+":jobs", namespace, jobMap)
	s.awaitKept(t, namespace, "flink", jobMap)
	// So does who deletes the whole cluster.
	another := s.runningCluster(t)
	if err := s.client.AppsV1().Deployments(another).Delete(t.Context(), "demo", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	s.deleteState(t, "alice", another, leaderMap, jobMap)
	for _, name := range []string{leaderMap, jobMap} {
		eventually(t, "an Event that leaves it to people", func() bool {
			return s.toldOn(t, another, "ConfigMap", name, "no workload of the cluster is known", "state restore -n "+another)
		})
	}
	if !s.isGone(t, namespace, jobMap) || !s.isGone(t, another, jobMap) || !s.isGone(t, another, leaderMap) {
		t.Error("something was brought back that was ended on purpose")
	}
}

func TestRestoreFromAFile(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	backup := stateOfLeader("demo")
	backup.APIVersion, backup.Kind, backup.Namespace, backup.UID = "v1", "ConfigMap", namespace, "from-another-cluster"
	backup.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "demo", UID: "stale"}}
	backup.Labels["app.kubernetes.io/instance"] = "some-application"
	text, err := json.Marshal(backup)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	wantText(t, s.restore(t, 1, "-n", namespace, "--from-file", file, "--yes"), "job "+flinkJob+" would start from its beginning")
	wantText(t, s.restore(t, 0, "-n", namespace, "--from-file", file, "--yes", "--without-checkpoints"), "is restored")
	restored, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), leaderMap, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(restored.OwnerReferences) > 0 || restored.Labels["app.kubernetes.io/instance"] != "" || restored.Labels["type"] == "" || !cmp.Equal(restored.Data, map[string]string{graphKey: "pointer"}) {
		t.Errorf("got %+v, want the job without owners, tracking and leader", restored)
	}
}
