package hastate

import (
	"context"
	"regexp"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// unguarded frees a namespace of the guard.
const unguarded = "flink-ha.dev/guard=disabled"

// TestJobsSurviveTheirDeployment has somebody put an owner on the HA ConfigMaps of a running job and deletes that owner. With the
// guard nothing happens, and the next JobManager restores the job. Without it the job is lost.
func TestJobsSurviveTheirDeployment(t *testing.T) {
	s := shared
	guarded := []flink.Release{flink.Release23, flink.Release120}
	free := []flink.Release{flink.Release23}
	if s.long {
		guarded = append(guarded, flink.Release118)
		free = guarded
	}
	for _, of := range guarded {
		t.Run(string(of)+"/guarded", func(t *testing.T) {
			t.Parallel()
			namespace := s.namespace(t)
			cluster, job := s.runningJob(t, of, namespace)
			s.putOwner(t, namespace, job, s.owner(t, namespace))
			s.keepsItsJob(t, namespace, cluster, job)
		})
	}
	for _, of := range free {
		t.Run(string(of)+"/unguarded", func(t *testing.T) {
			t.Parallel()
			namespace := s.namespace(t, unguarded)
			cluster, job := s.runningJob(t, of, namespace)
			s.putOwner(t, namespace, job, s.owner(t, namespace))
			s.losesItsJob(t, namespace, cluster, job)
		})
	}
}

// TestJobsSurviveWhatTheGuardMissed puts the owner on while there is no guard.
func TestJobsSurviveWhatTheGuardMissed(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	cluster, job := s.runningJob(t, flink.Release23, namespace)
	if err := s.Guard.Kill(); err != nil {
		t.Fatal(err)
	}
	started := false
	t.Cleanup(func() { // other tests need the guard, whatever becomes of this one
		if started {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Guard.Start(ctx); err != nil {
			t.Error(err)
		}
	})
	s.putOwner(t, namespace, job, s.owner(t, namespace))
	if !s.isOwned(t, namespace, job) {
		t.Error("the HA ConfigMaps have no owner, want one for the guard to find")
	}
	began := time.Now()
	if err := s.Guard.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	started = true
	eventually(t, "the guard has freed the HA ConfigMaps", func() bool { return !s.isOwned(t, namespace, job) })
	t.Logf("freed %s after the guard was started", time.Since(began).Round(time.Millisecond))
	s.keepsItsJob(t, namespace, cluster, job)
}

// runningJob runs a cluster and a job that has completed checkpoints.
func (s *suite) runningJob(t *testing.T, of flink.Release, namespace string) (*flink.Cluster, string) {
	t.Helper()
	cluster := s.cluster(t, of, namespace)
	return cluster, submit(t, cluster)
}

// keepsItsJob deletes the owner and kills the JobManager: the next one goes on from the last checkpoint.
func (s *suite) keepsItsJob(t *testing.T, namespace string, cluster *flink.Cluster, job string) {
	t.Helper()
	if s.isOwned(t, namespace, job) {
		t.Error("the HA ConfigMaps have an owner, want none")
	}
	before := s.uids(t, namespace, job)
	s.deleteOwner(t, namespace)
	if after := s.uids(t, namespace, job); after != before || before[0] == "" || before[1] == "" {
		t.Fatalf("got HA ConfigMaps with the uids %q, want them as they were: %q", after, before)
	}
	if starts := cluster.JobManager.Starts(); starts != 1 {
		t.Errorf("the JobManager was started %d times, want it to notice nothing", starts)
	}
	goesOn(t, cluster, job)
}

// goesOn kills the JobManager: the next one restores the job from its last checkpoint, and takes further ones.
func goesOn(t *testing.T, cluster *flink.Cluster, job string) {
	t.Helper()
	last, err := cluster.Checkpoints(patiently(t), job)
	if err != nil || last.Latest.Completed == nil {
		t.Fatalf("got %+v, %v, want a completed checkpoint", last, err)
	}
	killed := time.Now()
	if err := cluster.JobManager.Kill(); err != nil {
		t.Fatal(err)
	}
	got, err := cluster.AwaitCheckpoint(patiently(t), job, last.Latest.Completed.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Counts.Restored == 0 || got.Latest.Restored == nil || got.Latest.Restored.ID < last.Latest.Completed.ID {
		t.Fatalf("got %+v, want the job restored from checkpoint %d or a later one", got, last.Latest.Completed.ID)
	}
	t.Logf("restored from checkpoint %d, and checkpoint %d completed, %s after the JobManager was killed",
		got.Latest.Restored.ID, got.Latest.Completed.ID, time.Since(killed).Round(100*time.Millisecond))
	counts := regexp.MustCompile(`(?m)^counting goes on after [1-9][0-9]*$`)
	said, err := cluster.TaskManager.Process().Said()
	if err != nil || !counts.MatchString(said) {
		t.Errorf("the TaskManager does not say that it counts on (%v):\n%s", err, flink.Problems(said))
	}
}

// losesItsJob deletes the owner, with which both HA ConfigMaps go: the next JobManager knows of no job.
func (s *suite) losesItsJob(t *testing.T, namespace string, cluster *flink.Cluster, job string) {
	t.Helper()
	before := s.uids(t, namespace, job)
	s.deleteOwner(t, namespace)
	// The JobManager may make an empty one before it dies, and its successor does.
	eventually(t, "the HA ConfigMaps are gone", func() bool {
		after := s.uids(t, namespace, job)
		return after[0] != before[0] && after[1] == types.UID("")
	})
	if err := cluster.JobManager.Kill(); err != nil {
		t.Fatal(err)
	}
	nothing := regexp.MustCompile(`Successfully recovered 0 persisted`)
	eventually(t, "another JobManager leads, and has found no job", func() bool {
		if cluster.JobManager.Starts() == 1 {
			return false // this one found no job either, when it was new
		}
		said, err := cluster.JobManager.Process().Said()
		return err == nil && nothing.MatchString(said)
	})
	var jobs []flink.Job
	eventually(t, "it answers", func() bool {
		var err error
		jobs, err = cluster.Jobs(patiently(t))
		return err == nil
	})
	if len(jobs) > 0 {
		t.Errorf("got the jobs %+v, want none", jobs)
	}
}
