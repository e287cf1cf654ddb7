package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// stateCommand runs "flink-ha-webhook state …" with a kubeconfig, and returns its streams and its exit code.
func (s *suite) stateCommand(t *testing.T, kubeconfig string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(s.Dir(), "flink-ha-webhook"), append([]string{"state"}, arguments...)...)
	cmd.Env = []string{"HOME=" + s.Dir(), "KUBECONFIG=" + kubeconfig}
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problems.String(), cmd.ProcessState.ExitCode()
}

// hold makes HA ConfigMaps of a cluster: its leader's, and that of a job. Without a time the lock has lapsed long ago.
func (s *suite) hold(t *testing.T, namespace, cluster string, renewed time.Time, owners ...metav1.OwnerReference) {
	t.Helper()
	leader := leaderState(cluster, owners)
	if !renewed.IsZero() {
		leader.Annotations[leaderAnnotation] = fmt.Sprintf(`{"holderIdentity":"jm","leaseDuration":600.0,"renewTime":%q,"leaderTransitions":0}`, renewed.UTC().Format(time.RFC3339Nano))
	}
	job := configMap(cluster+"-000000006e6b13320000000000000000-config-map", "checkpointID-0000000000000000042", "x")
	job.Labels = leader.Labels
	for _, state := range []*corev1.ConfigMap{leader, job} {
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), state, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

// holdAllUses makes clusters of all uses in a namespace: one is a suspended custom resource, one is run in another namespace, one is
// led from somewhere, and one is gone.
func (s *suite) holdAllUses(t *testing.T) (namespace string) {
	t.Helper()
	namespace = s.namespace(t)
	elsewhere := s.namespace(t, "flink-ha.dev/guard=disabled")
	s.apply(t, namespace, `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: suspended}
spec:
  flinkVersion: v1_20
  flinkConfiguration: {high-availability.type: kubernetes, high-availability.storageDir: "s3://bucket/ha"}
  job: {jarURI: local:///job.jar, state: suspended, upgradeMode: last-state}
`)
	runs := jobManager("jm", "", properties(configuration(namespace, "kubernetes.cluster-id: elsewhere"))...)
	if _, err := s.client.AppsV1().Deployments(elsewhere).Create(t.Context(), runs, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	s.hold(t, namespace, "suspended", time.Time{})
	s.hold(t, namespace, "elsewhere", time.Time{})
	s.hold(t, namespace, "led", time.Now())
	s.hold(t, namespace, "gone", time.Time{})
	return namespace
}

// usesOf are the uses of the clusters in what "state list -o json" printed.
func usesOf(t *testing.T, text string) map[string]string {
	t.Helper()
	var list struct {
		APIVersion, Kind string
		Items            []struct{ ClusterID, Use string }
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if list.APIVersion != "flink-ha.dev/v1alpha1" || list.Kind != "HAStateList" {
		t.Errorf("got a %s %s", list.APIVersion, list.Kind)
	}
	uses := map[string]string{}
	for _, item := range list.Items {
		uses[item.ClusterID] = item.Use
	}
	return uses
}

func TestStateListKnowsWhatIsUsed(t *testing.T) {
	s := shared
	namespace := s.holdAllUses(t)
	stdout, stderr, code := s.stateCommand(t, s.Kubeconfig, "list", "-n", namespace, "-o", "json")
	want := map[string]string{"suspended": "live", "elsewhere": "live", "led": "led", "gone": "orphaned"}
	if got := usesOf(t, stdout); code != 0 || stderr != "" || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %d, %v, want %v\n%s", code, got, want, stderr)
	}
	stdout, stderr, code = s.stateCommand(t, s.Kubeconfig, "list", "-n", namespace)
	for _, cells := range [][]string{{"suspended", "live", "FlinkDeployment/suspended", "1", "42"}, {"led", "led", "-", "1", "42"}} {
		if code != 0 || !strings.Contains(strings.Join(strings.Fields(stdout), " "), strings.Join(cells, " ")) {
			t.Errorf("got %d, no %q\n%s%s", code, cells, stdout, stderr)
		}
	}
	stdout, _, _ = s.stateCommand(t, s.Kubeconfig, "list", "-A", "--orphaned")
	if !strings.Contains(stdout, "NAMESPACE") || !strings.Contains(stdout, namespace+"   gone") || strings.Contains(stdout, namespace+"   led") {
		t.Errorf("got\n%s", stdout)
	}
	if wide, _, _ := s.stateCommand(t, s.Kubeconfig, "list", "-n", namespace, "-o", "wide"); !strings.Contains(wide, "of namespace") {
		t.Errorf("got no reason for the JobManager of another namespace:\n%s", wide)
	}
	if stdout, stderr, code = s.stateCommand(t, s.Kubeconfig, "list", "-n", s.namespace(t)); code != 0 || stdout != "" || stderr != "no HA state was found\n" {
		t.Errorf("got %d, %q, %q of a namespace without HA state", code, stdout, stderr)
	}
}

func TestStateListKnowsWhichOwnersAreThere(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/guard=disabled")
	strange := metav1.OwnerReference{APIVersion: "example.com/v1", Kind: "Stranger", Name: "x", UID: "no-such-uid"}
	s.hold(t, namespace, "owned", time.Time{}, append(ownedBy(s.owner(t, namespace)), strange)...)
	stdout, stderr, code := s.stateCommand(t, s.Kubeconfig, "list", "-n", namespace)
	if code != 0 || !strings.Contains(stdout, "Deployment/owner,Stranger/x(unknown)") {
		t.Errorf("got %d\n%s%s", code, stdout, stderr)
	}
}

func TestStateGCDeletesWhatNobodyUses(t *testing.T) {
	s := shared
	namespace := s.holdAllUses(t)
	left := func() (names []string) {
		list, err := s.client.CoreV1().ConfigMaps(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "type=flink-native-kubernetes"})
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range list.Items {
			names = append(names, strings.SplitN(state.Name, "-", 2)[0])
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	// The ConfigMap with the lock goes first.
	deleted := "configmap/gone-cluster-config-map deleted from namespace " + namespace + "\nconfigmap/gone-000000006e6b13320000000000000000-config-map deleted"
	for _, step := range []struct {
		sentence  string
		arguments []string
		code      int
		says      string
		left      []string
	}{
		{"nothing is old enough", []string{"--delete", "--yes"}, 0, "last used", []string{"elsewhere", "gone", "led", "suspended"}},
		{"it is shown only", []string{"--older-than", "0s"}, 0, "nothing was deleted; --delete does it", []string{"elsewhere", "gone", "led", "suspended"}},
		{"nobody can be asked", []string{"--older-than", "0s", "--delete"}, 2, "say --yes", []string{"elsewhere", "gone", "led", "suspended"}},
		{"what is live stays", []string{"--older-than", "0s", "--delete", "--yes", "suspended"}, 1, "suspended: live: FlinkDeployment suspended is there", []string{"elsewhere", "gone", "led", "suspended"}},
		{"a cluster that is not there", []string{"none"}, 2, `no HA state of a cluster "none"`, []string{"elsewhere", "gone", "led", "suspended"}},
		{"it is deleted", []string{"--older-than", "0s", "--delete", "--yes"}, 0, deleted, []string{"elsewhere", "led", "suspended"}},
		{"nothing is left to do", []string{"--older-than", "0s", "--delete", "--yes"}, 0, "there is no HA state to delete", []string{"elsewhere", "led", "suspended"}},
	} {
		stdout, stderr, code := s.stateCommand(t, s.Kubeconfig, append([]string{"gc", "-n", namespace}, step.arguments...)...)
		if code != step.code || !strings.Contains(stdout+stderr, step.says) {
			t.Errorf("%s: got %d, want %d and %q\n%s%s", step.sentence, code, step.code, step.says, stdout, stderr)
		}
		if got := left(); !slices.Equal(got, step.left) {
			t.Errorf("%s: %q are left, want %q", step.sentence, got, step.left)
		}
	}
}

// TestStateGCLeavesWhatSomebodyWritesTo has a writer that no lock and no workload betrays.
func TestStateGCLeavesWhatSomebodyWritesTo(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.hold(t, namespace, "written", time.Time{})
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() {
		for n := 0; ctx.Err() == nil; n++ {
			patch := fmt.Sprintf(`{"metadata":{"annotations":{"example.com/n":"%d"}}}`, n)
			if _, err := s.client.CoreV1().ConfigMaps(namespace).Patch(ctx, "written-cluster-config-map", "application/merge-patch+json", []byte(patch), metav1.PatchOptions{}); err != nil && !errors.Is(err, context.Canceled) && ctx.Err() == nil {
				stopped <- err
				return
			}
		}
		stopped <- nil
	}()
	stdout, stderr, code := s.stateCommand(t, s.Kubeconfig, "gc", "-n", namespace, "--older-than", "0s", "--delete", "--yes")
	stop()
	if err := <-stopped; err != nil {
		t.Errorf("the writer was stopped: %v", err)
	}
	if code != 1 || !strings.Contains(stderr, "written is kept: somebody") {
		t.Errorf("got %d\n%s%s", code, stdout, stderr)
	}
	for _, name := range []string{"written-cluster-config-map", "written-000000006e6b13320000000000000000-config-map"} {
		if s.isGone(t, namespace, name) {
			t.Errorf("%s is gone", name)
		}
	}
}

// TestStateWithTheRightsOfOneNamespace has an account that may list in its own namespace alone.
func TestStateWithTheRightsOfOneNamespace(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.hold(t, namespace, "gone", time.Time{})
	s.hold(t, namespace, "led", time.Now())
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "reader"}}
	if _, err := s.client.CoreV1().ServiceAccounts(namespace).Create(t.Context(), account, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	kubeconfig, err := s.ServiceAccountKubeconfig(t.Context(), namespace, "reader")
	if err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := s.stateCommand(t, kubeconfig, "list"); code != 2 || !strings.Contains(stderr, "error: reading the HA state: listing configmaps") {
		t.Errorf("got %d, %s without any rights", code, stderr)
	}
	s.grantStateRights(t, namespace)
	eventually(t, "the rights to hold", func() bool {
		_, _, code := s.stateCommand(t, kubeconfig, "list")
		return code == 0
	})
	stdout, stderr, _ := s.stateCommand(t, kubeconfig, "list", "-o", "json")
	if uses := usesOf(t, stdout); uses["gone"] != "unknown" || uses["led"] != "led" || !strings.Contains(stderr, "warning: deployments of all namespaces could not be read") {
		t.Errorf("got %v\n%s", uses, stderr)
	}
	stdout, stderr, _ = s.stateCommand(t, kubeconfig, "list", "-o", "json", "--ignore-other-namespaces")
	if uses := usesOf(t, stdout); uses["gone"] != "orphaned" || stderr != "" {
		t.Errorf("got %v, %s where no other namespace counts", uses, stderr)
	}
	stdout, stderr, code := s.stateCommand(t, kubeconfig, "gc", "--older-than", "0s", "--delete", "--yes")
	if code != 0 || s.isGone(t, namespace, "gone-cluster-config-map") {
		t.Errorf("got %d, want unknown state to stay\n%s%s", code, stdout, stderr)
	}
	stdout, stderr, code = s.stateCommand(t, kubeconfig, "gc", "--older-than", "0s", "--delete", "--yes", "--ignore-other-namespaces")
	if code != 0 || !s.isGone(t, namespace, "gone-cluster-config-map") || s.isGone(t, namespace, "led-cluster-config-map") {
		t.Errorf("got %d, want the orphan deleted and nothing else\n%s%s", code, stdout, stderr)
	}
}

// grantStateRights gives the account "reader" what the help of state list says that it needs in one namespace, and what state gc needs.
func (s *suite) grantStateRights(t *testing.T, namespace string) {
	t.Helper()
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "reader"}, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"list", "delete"}},
		{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"list"}},
		{APIGroups: []string{"apps"}, Resources: []string{"deployments", "statefulsets", "daemonsets", "replicasets"}, Verbs: []string{"list"}},
		{APIGroups: []string{"batch"}, Resources: []string{"jobs", "cronjobs"}, Verbs: []string{"list"}},
		{APIGroups: []string{"flink.apache.org"}, Resources: []string{"flinkdeployments", "flinkbluegreendeployments"}, Verbs: []string{"list"}},
	}}
	if _, err := s.client.RbacV1().Roles(namespace).Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "reader"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "reader"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: "reader", Namespace: namespace}},
	}
	if _, err := s.client.RbacV1().RoleBindings(namespace).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestThePluginOfKubectl(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.hold(t, namespace, "gone", time.Time{})
	folder := t.TempDir()
	if err := os.Symlink(filepath.Join(s.Dir(), "flink-ha-webhook"), filepath.Join(folder, "kubectl-flink_ha")); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"plugin", "list"}, filepath.Join(folder, "kubectl-flink_ha")},
		{[]string{"flink-ha", "state", "list", "-n", namespace}, "gone      orphaned"},
		{[]string{"flink-ha", "state", "--help"}, "  kubectl flink-ha state list -A"},
	} {
		cmd := s.Kubectl(t.Context(), step.arguments...)
		cmd.Env = append(cmd.Env, "PATH="+folder)
		output, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(output), step.want) {
			t.Errorf("kubectl %s: %v, got no %q\n%s", strings.Join(step.arguments, " "), err, step.want, output)
		}
	}
}
