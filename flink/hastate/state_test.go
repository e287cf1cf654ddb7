package hastate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// recorded are states of the HA ConfigMaps of a real cluster (test/cmd/record-flink): the job's and the cluster's, each as it was
// created and with the most in it.
type recorded struct{ newJob, job, newCluster, cluster *corev1.ConfigMap }

func readRecorded(t testing.TB, release string) recorded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", release+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var states []*corev1.ConfigMap
	if err := json.Unmarshal(text, &states); err != nil || len(states) != 4 {
		t.Fatalf("%d states, want 4 (%v)", len(states), err)
	}
	return recorded{states[0], states[1], states[2], states[3]}
}

func releases() []string { return []string{"1.18.1", "1.20.5", "2.3.0"} }

func read(t *testing.T, configMap *corev1.ConfigMap) State {
	t.Helper()
	state, ok := Read(configMap)
	if !ok {
		t.Fatalf("ConfigMap %s is no HA state", configMap.Name)
	}
	return state
}

func TestReadsWhatFlinkWrote(t *testing.T) {
	graphs := map[string]string{"1.18.1": "jobGraph-", "1.20.5": "jobGraph-", "2.3.0": "executionPlan-"}
	leaders := map[string]string{"1.18.1": "", "1.20.5": "job-", "2.3.0": "job-"}
	for _, release := range releases() {
		t.Run(release, func(t *testing.T) {
			all := readRecorded(t, release)
			cluster, job := read(t, all.cluster), read(t, all.job)
			if cluster.Kind != KindCluster || cluster.Cluster != "demo" || cluster.Namespace != "flink" || cluster.UID == "" || cluster.Counter != -1 {
				t.Errorf("the cluster's is read as %+v", cluster)
			}
			if len(cluster.Graphs) != 1 || cluster.Graphs[0].Key != graphs[release]+job.Job || cluster.Graphs[0].Job != job.Job {
				t.Fatalf("job graphs %+v, want one of job %s", cluster.Graphs, job.Job)
			}
			if file := cluster.Graphs[0].File; !strings.HasPrefix(file, "file:/tmp/flink/ha/default/submitted") || cluster.Graphs[0].Removed {
				t.Errorf("job graph %+v", cluster.Graphs[0])
			}
			var components []string
			for _, leader := range cluster.Leaders {
				components = append(components, leader.Component)
				if len(leader.Session) != 36 || !strings.Contains(leader.Address, "127.0.0.1") {
					t.Errorf("leader %+v", leader)
				}
			}
			for _, component := range []string{"dispatcher", "resourcemanager", "restserver", leaders[release] + job.Job} {
				if !strings.Contains(strings.Join(components, " "), component) {
					t.Errorf("leaders %v, want %s among them", components, component)
				}
			}
			if job.Kind != KindJob || len(job.Checkpoints) != 2 || job.Lock != (Lock{}) {
				t.Fatalf("the job's is read as %+v", job)
			}
			old, newest := job.Checkpoints[0], job.Checkpoints[1]
			if old.ID+1 != newest.ID || newest.ID+1 != job.Counter || !old.Removed || newest.Removed {
				t.Errorf("checkpoints %+v, counter %d, want the older one on its way out", job.Checkpoints, job.Counter)
			}
			for _, checkpoint := range job.Checkpoints {
				if !strings.HasPrefix(checkpoint.File, "file:/tmp/flink/ha/default/completedCheckpoint") {
					t.Errorf("checkpoint %+v", checkpoint)
				}
			}
		})
	}
}

func TestReadsTheLockThatFlinkWrote(t *testing.T) {
	for _, release := range releases() {
		t.Run(release, func(t *testing.T) {
			all := readRecorded(t, release)
			first, later := read(t, all.newCluster).Lock, read(t, all.cluster).Lock
			for _, lock := range []Lock{first, later} {
				if len(lock.Holder) != 36 || lock.Lease != 15*time.Second || lock.Acquired.IsZero() {
					t.Errorf("lock %+v, want one of 15 s", lock)
				}
				if !lock.HeldAt(lock.Renewed.Add(14*time.Second)) || lock.HeldAt(lock.Renewed.Add(15*time.Second)) {
					t.Errorf("lock %+v is held for another time than 15 s", lock)
				}
			}
			if first.Transitions != 0 || first.Acquired != first.Renewed || later.Transitions == 0 || !later.Renewed.After(later.Acquired) {
				t.Errorf("locks %+v and %+v, want the second to be another leader's, and renewed", first, later)
			}
		})
	}
}

func TestReadsTheStateOfFlink114(t *testing.T) {
	const job = "000000006e6b13320000000000000000"
	pointer := readRecorded(t, "1.18.1").job.Data
	dispatcher := &corev1.ConfigMap{Data: map[string]string{
		"address": "akka.tcp://flink@10.0.0.1:6123/user/rpc/dispatcher_1", "sessionId": "s", "jobGraph-" + job: "x", "runningJobsRegistry-" + job: "RUNNING",
	}}
	dispatcher.Name = "demo-dispatcher-leader"
	if got := read(t, dispatcher); got.Kind != KindComponent || len(got.Graphs) != 1 || len(got.Leaders) != 1 ||
		got.Leaders[0] != (Leader{"dispatcher", "s", dispatcher.Data["address"]}) {
		t.Errorf("the dispatcher's is read as %+v", got)
	}
	leader := &corev1.ConfigMap{Data: pointer}
	leader.Name = "demo-" + job + "-jobmanager-leader"
	if got := read(t, leader); got.Kind != KindJobLeader || got.Job != job || len(got.Checkpoints) != 2 || got.Counter < 1 {
		t.Errorf("the job's is read as %+v", got)
	}
}
