package hastate

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const aJob = "000000006e6b13320000000000000000"

// recreated is a ConfigMap that took the place of the one that was deleted.
func recreated(kept *corev1.ConfigMap, data map[string]string) *corev1.ConfigMap {
	live := kept.DeepCopy()
	live.UID, live.Data = "another", data
	return live
}

func TestPlansToCreateWhatFlinkWrote(t *testing.T) {
	for _, release := range releases() {
		t.Run(release, func(t *testing.T) {
			all := readRecorded(t, release)
			for _, kept := range []*corev1.ConfigMap{all.cluster, all.job} {
				owned := kept.DeepCopy()
				owned.OwnerReferences = []metav1.OwnerReference{{Kind: "Deployment", Name: "demo", UID: "gone"}}
				owned.Finalizers = []string{"x/y"}
				owned.Labels["app.kubernetes.io/instance"] = "prod"
				owned.Labels["team"] = "a"
				if owned.Annotations == nil {
					owned.Annotations = map[string]string{}
				}
				owned.Annotations["argocd.argoproj.io/tracking-id"] = "prod"
				owned.Annotations[corev1.LastAppliedConfigAnnotation] = "{}"
				owned.Annotations["note"] = "b"
				got := PlanRestore(owned, nil).Create
				if got == nil {
					t.Fatal("nothing is created")
				}
				meta := got.DeepCopy().ObjectMeta
				meta.Namespace, meta.Name, meta.Labels, meta.Annotations = "", "", nil, nil
				if got.Namespace != "flink" || got.Name != kept.Name || !isZero(meta) {
					t.Errorf("metadata %+v", got.ObjectMeta)
				}
				labels, annotations := maps.Clone(kept.Labels), map[string]string{"note": "b"}
				labels["team"] = "a"
				maps.Copy(annotations, kept.Annotations) // the lock, without which nobody could lead
				if !maps.Equal(got.Labels, labels) || !maps.Equal(got.Annotations, annotations) {
					t.Errorf("labels %v, annotations %v", got.Labels, got.Annotations)
				}
				if _, ok := Recognize(got); !ok {
					t.Error("what is created is not recognised as HA state")
				}
				if owned.Annotations["note"] == "" || owned.Labels["app.kubernetes.io/instance"] == "" {
					t.Error("planning has changed what was kept")
				}
			}
			graph, job := PlanRestore(all.cluster, nil).Create, PlanRestore(all.job, nil).Create
			if len(graph.Data) != 1 || !HasPointers(graph.Data) {
				t.Errorf("of the cluster's %v is created, want its job graph alone", slices.Collect(maps.Keys(graph.Data)))
			}
			if state := read(t, job); len(job.Data) != 2 || len(state.Checkpoints) != 1 || state.Checkpoints[0].Removed || state.Counter != read(t, all.job).Counter {
				t.Errorf("of the job's %v is created, want its counter and the checkpoint that is not on its way out", slices.Collect(maps.Keys(job.Data)))
			}
		})
	}
}

func TestABackupWithoutTheLockGetsOneThatNobodyHolds(t *testing.T) {
	all := readRecorded(t, "2.3.0")
	for _, backup := range []*corev1.ConfigMap{all.cluster.DeepCopy(), all.job.DeepCopy()} {
		backup.Annotations = nil
		created := PlanRestore(backup, nil).Create
		lock, locked := LockOf(created.Annotations)
		if want := backup.Name == all.cluster.Name; locked != want || locked && (lock.Holder != "" || lock.Lease <= 0) {
			t.Errorf("%s: lock %+v, %t", backup.Name, lock, locked)
		}
		if backup.Annotations != nil {
			t.Error("planning has changed the backup")
		}
	}
}

// isZero tells whether nothing is left of metadata.
func isZero(meta metav1.ObjectMeta) bool {
	return meta.UID == "" && meta.ResourceVersion == "" && meta.Generation == 0 && meta.CreationTimestamp.IsZero() && meta.DeletionTimestamp == nil &&
		meta.GenerateName == "" && len(meta.OwnerReferences)+len(meta.Finalizers)+len(meta.ManagedFields)+len(meta.Labels)+len(meta.Annotations) == 0
}

func TestPlanRestore(t *testing.T) {
	const (
		graph, checkpoint = "jobGraph-" + aJob, "checkpointID-0000000000000000007"
		newer             = "checkpointID-0000000000000000001"
		leader            = prefixLeader + "dispatcher"
		add               = "add: "
	)
	cluster := configMap("demo-cluster-config-map", map[string]string{graph: "g", leader: "s,a"})
	session := configMap("demo-cluster-config-map", map[string]string{graph: "g", "jobGraph-" + strings.Repeat("a", 32): "h"})
	job := configMap("demo-"+aJob+"-config-map", map[string]string{checkpoint: "c", keyCounter: "8"})
	dispatcher := configMap("demo-dispatcher-leader", map[string]string{graph: "g", "runningJobsRegistry-" + aJob: "RUNNING", keyAddress: "a", keySession: "s"})
	deleting := recreated(cluster, nil)
	deleting.DeletionTimestamp = &metav1.Time{}
	same := recreated(cluster, map[string]string{leader: "s,a"})
	same.UID = cluster.UID
	tests := map[string]struct {
		kept, live *corev1.ConfigMap
		want       string
	}{
		"an empty one of the JobManager that died":    {cluster, recreated(cluster, nil), add + graph},
		"one with the data of the next leader":        {cluster, recreated(cluster, map[string]string{leader: "t,b"}), add + graph},
		"of Flink 1.14":                               {dispatcher, recreated(dispatcher, map[string]string{keyAddress: "b", keySession: "t"}), add + graph + " runningJobsRegistry-" + aJob},
		"a registry of Flink 1.14 that was made anew": {dispatcher, recreated(dispatcher, map[string]string{"runningJobsRegistry-" + aJob: "PENDING"}), add + graph},
		"a job graph that is newer":                   {cluster, recreated(cluster, map[string]string{"jobGraph-" + strings.Repeat("b", 32): "n"}), "started afresh"},
		"an execution plan that is newer":             {cluster, recreated(cluster, map[string]string{"executionPlan-" + aJob: "n"}), "started afresh"},
		"an application that is newer":                {cluster, recreated(cluster, map[string]string{"application-" + aJob: "n"}), "started afresh"},
		"the same job, submitted again":               {cluster, recreated(cluster, map[string]string{graph: "n"}), "started afresh"},
		"all of it, restored before":                  {session, recreated(session, session.Data), "nothing"},
		"some of it, restored before":                 {session, recreated(session, map[string]string{graph: "g"}), "restored before"},
		"the very same, emptied by somebody":          {cluster, same, "the very one"},
		"the very same as it was":                     {cluster, cluster, "nothing"},
		"one that is being deleted":                   {cluster, deleting, "being deleted"},
		"a job's that is empty":                       {job, recreated(job, nil), add + checkpoint + " " + keyCounter},
		"a job's that counts from the beginning":      {job, recreated(job, map[string]string{keyCounter: "1"}), add + checkpoint + " " + keyCounter},
		"a job's whose counter is ahead":              {job, recreated(job, map[string]string{keyCounter: "9"}), add + checkpoint},
		"a job's whose counter is no number":          {job, recreated(job, map[string]string{keyCounter: "x"}), add + checkpoint + " " + keyCounter},
		"a job's with a newer checkpoint":             {job, recreated(job, map[string]string{newer: "n", keyCounter: "2"}), newer},
		"nothing but leader data":                     {configMap("demo-cluster-config-map", map[string]string{leader: "s,a"}), nil, "nothing"},
		"what is no HA state":                         {configMap("demo-settings", map[string]string{graph: "g"}), nil, "no HA state"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := PlanRestore(test.kept, test.live)
			text := got.Refused
			switch {
			case got.Nothing:
				text = "nothing"
			case got.Add != nil:
				text = add + strings.Join(slices.Sorted(maps.Keys(got.Add)), " ")
			}
			if got.Create != nil || text == "" || !strings.Contains(text, test.want) || strings.HasPrefix(test.want, add) && text != test.want {
				t.Errorf("got %+v, want %s", got, test.want)
			}
			for key, value := range got.Add {
				if value != test.kept.Data[key] {
					t.Errorf("%s is set to %q", key, value)
				}
			}
		})
	}
}

func configMap(name string, data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Namespace: "flink", Name: name, UID: "first", Labels: map[string]string{"app": "demo", "type": "flink-native-kubernetes"},
	}, Data: data}
}

func TestNeedsRestart(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	added := now.Add(-time.Second)
	graph := Restoration{Add: map[string]string{"jobGraph-" + aJob: "g"}}
	led := []Leader{{Component: "dispatcher"}, {Component: "restserver"}}
	held := Lock{Holder: "h", Lease: 15 * time.Second, Acquired: now.Add(-30 * time.Second), Renewed: now.Add(-2 * time.Second)}
	lapsed, after := held, held
	lapsed.Renewed = now.Add(-16 * time.Second)
	after.Acquired = now
	tests := map[string]struct {
		restored Restoration
		leader   State
		want     Restart
	}{
		"a job graph under a leader that had looked before":  {graph, State{Lock: held, Leaders: led}, RestartNeeded},
		"a checkpoint under a leader that has begun the job": {Restoration{Add: map[string]string{"checkpointID-0000000000000000007": "c"}}, State{Lock: held, Leaders: led}, RestartNeeded},
		"a leader that looked afterwards":                    {graph, State{Lock: after, Leaders: led}, RestartNone},
		"a lock that has lapsed":                             {graph, State{Lock: lapsed, Leaders: led}, RestartNone},
		"the lock of a JobManager that died":                 {graph, State{Lock: held}, RestartUnclear},
		"a lock whose dispatcher has not looked yet":         {graph, State{Lock: held, Leaders: led[1:]}, RestartUnclear},
		"nobody":          {graph, State{}, RestartNone},
		"a counter alone": {Restoration{Add: map[string]string{keyCounter: "7"}}, State{Lock: held, Leaders: led}, RestartNone},
		"a job's ConfigMap that nobody has missed": {Restoration{Create: configMap("demo-"+aJob+"-config-map", nil)}, State{Lock: held, Leaders: led}, RestartNone},
		"nothing to restore":                       {Restoration{Nothing: true}, State{Lock: held, Leaders: led}, RestartNone},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.restored.NeedsRestart(test.leader, added, now); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestStartFrom(t *testing.T) {
	checkpoints := []Checkpoint{{ID: 7}, {ID: 8}, {ID: 9, Removed: true}}
	tests := map[string]struct {
		dir         string
		checkpoints []Checkpoint
		want        string
	}{
		"the last that is not on its way out": {"s3://bucket/checkpoints", checkpoints, "s3://bucket/checkpoints/" + aJob + "/chk-8"},
		"a slash at the end":                  {"s3://bucket/checkpoints/", checkpoints, "s3://bucket/checkpoints/" + aJob + "/chk-8"},
		"without a directory":                 {"", checkpoints, ""},
		"without a checkpoint":                {"s3://bucket/checkpoints", nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := StartFrom(test.dir, aJob, test.checkpoints); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
