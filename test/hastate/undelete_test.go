package hastate

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// TestDeletedStateIsBroughtBack deletes both HA ConfigMaps of a running job, twice: once under a guard that brings them back by itself,
// and once under one that leaves it to people.
func TestDeletedStateIsBroughtBack(t *testing.T) {
	s := shared
	releases := []flink.Release{flink.Release23}
	if s.long {
		releases = append(releases, flink.Release120)
	}
	for _, of := range releases {
		namespace := s.namespace(t)
		cluster := s.cluster(t, of, namespace)
		s.deploy(t, of, namespace)
		job := submit(t, cluster)
		t.Run(string(of)+"/auto", func(t *testing.T) { s.guardBringsBack(t, namespace, cluster, job) })
		t.Run(string(of)+"/manual", func(t *testing.T) { s.commandBringsBack(t, namespace, cluster, job) })
	}
}

// guardBringsBack has the JobManager exit, and the one that comes after it find the job, with nothing else done by anybody.
func (s *suite) guardBringsBack(t *testing.T, namespace string, cluster *flink.Cluster, job string) {
	t.Helper()
	s.mayRestore(t)
	s.setPolicy(t, "haConfigMaps: {undelete: auto}\n")
	starts, last := cluster.JobManager.Starts(), completed(t, cluster, job)
	deleted := s.deleteState(t, namespace, job)
	eventually(t, "the guard has brought back the HA ConfigMap of the job", func() bool {
		return s.configMap(t, namespace, jobMap(job)).UID != ""
	})
	t.Logf("brought back %s after the deletion", time.Since(deleted).Round(10*time.Millisecond))
	isRecovered(t, cluster, job, last, starts+1, deleted)
}

// commandBringsBack waits until another JobManager leads, without any job. Then somebody brings the state back and, as the command
// says, restarts the JobManager.
func (s *suite) commandBringsBack(t *testing.T, namespace string, cluster *flink.Cluster, job string) {
	t.Helper()
	starts, last := cluster.JobManager.Starts(), completed(t, cluster, job)
	deleted := s.deleteState(t, namespace, job)
	isRestarted(t, cluster, starts+1)
	var jobs []flink.Job
	eventually(t, "another JobManager answers", func() (answers bool) {
		var err error
		jobs, err = cluster.Jobs(patiently(t))
		return err == nil
	})
	if len(jobs) > 0 {
		t.Fatalf("got the jobs %+v, want the new JobManager to know of none", jobs)
	}
	t.Logf("another JobManager leads, without the job, %s after the deletion", time.Since(deleted).Round(100*time.Millisecond))
	output, err := s.command(t, "state", "restore", clusterID, "--namespace="+namespace, "--yes").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "restart it") {
		t.Fatalf("got %v, %s, want the state restored, and a word about a restart of the JobManager", err, output)
	}
	t.Logf("state restore says:\n%s", output)
	if err := cluster.JobManager.Kill(); err != nil {
		t.Fatal(err)
	}
	isRecovered(t, cluster, job, last, starts+2, deleted)
}

// mayRestore gives the guard the right that its manifests leave out, until the test ends: to make ConfigMaps.
func (s *suite) mayRestore(t *testing.T) {
	t.Helper()
	roles, meta := s.client.RbacV1(), metav1.ObjectMeta{Name: bench.ServiceAccount + "-restore"}
	role := &rbacv1.ClusterRole{
		ObjectMeta: meta,
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"create"}}},
	}
	if _, err := roles.ClusterRoles().Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: meta,
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: bench.Namespace, Name: bench.ServiceAccount}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role.Name},
	}
	if _, err := roles.ClusterRoleBindings().Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		err := errors.Join(
			roles.ClusterRoleBindings().Delete(ctx, binding.Name, metav1.DeleteOptions{}),
			roles.ClusterRoles().Delete(ctx, role.Name, metav1.DeleteOptions{}))
		if err != nil {
			t.Error(err)
		}
	})
}

// deploy makes the Deployment that the guard sees of a cluster.
func (s *suite) deploy(t *testing.T, of flink.Release, namespace string) {
	t.Helper()
	labels := map[string]string{"app": clusterID}
	deployment := &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: clusterID},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					ServiceAccountName: flinkAccount,
					Containers: []corev1.Container{{
						Name: "jobmanager", Image: "flink:" + string(of),
						Args: []string{
							"jobmanager", "$(POD_IP)", "-D", "high-availability.type=kubernetes", "-D", "kubernetes.cluster-id=" + clusterID,
							"-D", "kubernetes.namespace=" + namespace, "-D", "high-availability.storageDir=s3://flink/" + namespace,
						},
					}},
				},
			},
		},
	}
	if _, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), deployment, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// completed is the last checkpoint of a job.
func completed(t *testing.T, cluster *flink.Cluster, job string) int64 {
	t.Helper()
	got, err := cluster.Checkpoints(patiently(t), job)
	if err != nil || got.Latest.Completed == nil {
		t.Fatalf("got %+v, %v, want a completed checkpoint", got, err)
	}
	return got.Latest.Completed.ID
}

// deleteState deletes both HA ConfigMaps of a cluster, as somebody does who tidies up, and tells when that was.
func (s *suite) deleteState(t *testing.T, namespace, job string) time.Time {
	t.Helper()
	deleted := time.Now()
	if output, err := s.Kubectl(t.Context(), "delete", "configmaps", "-n", namespace, leaderMap, jobMap(job)).CombinedOutput(); err != nil {
		t.Fatalf("kubectl delete: %v\n%s", err, output)
	}
	return deleted
}

// isRestarted waits until the JobManager was started a number of times, as it cannot be asked for anything while it dies.
func isRestarted(t *testing.T, cluster *flink.Cluster, starts int) {
	t.Helper()
	eventually(t, "the JobManager is started again", func() bool { return cluster.JobManager.Starts() >= starts })
}

// isRecovered waits until a JobManager has restored a job from the last checkpoint that it had before its HA state was deleted, or from
// one that was completed just then, and has completed another.
func isRecovered(t *testing.T, cluster *flink.Cluster, job string, last int64, starts int, deleted time.Time) {
	t.Helper()
	isRestarted(t, cluster, starts)
	got, err := cluster.AwaitCheckpoint(patiently(t), job, last)
	if err != nil {
		t.Fatal(err)
	}
	if got.Latest.Restored == nil || got.Latest.Restored.ID < last {
		t.Fatalf("the job was restored from %+v, want checkpoint %d or a later one", got.Latest.Restored, last)
	}
	if now := cluster.JobManager.Starts(); now != starts {
		t.Errorf("the JobManager was started %d times, want %d", now, starts)
	}
	t.Logf("restored from checkpoint %d, and checkpoint %d completed %s after the deletion",
		got.Latest.Restored.ID, got.Latest.Completed.ID, time.Since(deleted).Round(100*time.Millisecond))
}

// command runs the program that somebody has beside kubectl.
func (s *suite) command(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	program, err := bench.BuildGuard(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), program, append(arguments, "--kubeconfig="+s.Kubeconfig)...)
}

// setPolicy gives the guard another policy until the test ends, and waits until it holds.
func (s *suite) setPolicy(t *testing.T, text string) {
	t.Helper()
	shipped, err := os.ReadFile(s.Guard.PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	s.writePolicy(t, "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\n"+text)
	t.Cleanup(func() { s.writePolicy(t, string(shipped)) })
}

// writePolicy replaces the policy file as a kubelet does, at once and whole, and waits until the guard has taken it.
func (s *suite) writePolicy(t *testing.T, text string) {
	t.Helper()
	before := s.policiesTaken(t)
	fresh := s.Guard.PolicyFile + ".new"
	if err := os.WriteFile(fresh, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(fresh, s.Guard.PolicyFile); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the guard has taken its policy", func() bool { return s.policiesTaken(t) != before })
}

// policiesTaken is the line of the guard's metrics that counts them.
func (s *suite) policiesTaken(t *testing.T) string {
	t.Helper()
	text, err := s.Guard.Metrics(context.WithoutCancel(t.Context())) // also when a test cleans up
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "flink_ha_webhook_policy_loads_total") && strings.Contains(line, `"taken"`) {
			return line
		}
	}
	return ""
}
