package hastate

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// leader is a cluster that leads and has a job with a checkpoint every second.
type leader struct {
	*flink.Cluster
	release        flink.Release
	namespace, job string
}

// leads starts a cluster of each release and a job in it.
func (s *suite) leads(t *testing.T, releases []flink.Release) []*leader {
	t.Helper()
	leaders := make([]*leader, len(releases))
	for n, of := range releases {
		namespace := s.namespace(t)
		leaders[n] = &leader{Cluster: s.cluster(t, of, namespace), release: of, namespace: namespace}
	}
	for _, l := range leaders {
		l.job = submit(t, l.Cluster)
	}
	return leaders
}

// lock is that of the cluster's leader.
func (s *suite) lock(t *testing.T, l *leader) hastate.Lock {
	t.Helper()
	lock, ok := hastate.LockOf(s.configMap(t, l.namespace, leaderMap).Annotations)
	if !ok {
		t.Fatalf("%s: the HA ConfigMap has no lock", l.release)
	}
	return lock
}

// undisturbed has a leader watched while something lasts, and compares the leadership and the checkpoints before and after.
func (s *suite) undisturbed(t *testing.T, leaders []*leader, during func()) {
	t.Helper()
	type sight struct {
		lock        hastate.Lock
		checkpoints flink.Checkpoints
	}
	look := func(l *leader) sight {
		checkpoints, err := l.Checkpoints(patiently(t), l.job)
		if err != nil || checkpoints.Latest.Completed == nil {
			t.Fatalf("%s: got %+v, %v, want a completed checkpoint", l.release, checkpoints, err)
		}
		return sight{lock: s.lock(t, l), checkpoints: checkpoints}
	}
	before := make([]sight, len(leaders))
	for n, l := range leaders {
		before[n] = look(l)
	}
	oldest := s.watchRenewals(t, leaders)
	began := time.Now()
	during()
	lasted := time.Since(began).Round(100 * time.Millisecond)
	renewals := oldest()
	for n, l := range leaders {
		// Whatever was held up until now is done or has failed when another one is completed.
		last := before[n].checkpoints.Latest.Completed.ID
		if now, err := l.Checkpoints(patiently(t), l.job); err == nil && now.Latest.Completed != nil {
			last = now.Latest.Completed.ID
		}
		if _, err := l.AwaitCheckpoint(patiently(t), l.job, last); err != nil {
			t.Fatal(err)
		}
		s.sameLeader(t, l, before[n].lock)
		now := look(l)
		counts, then := now.checkpoints.Counts, before[n].checkpoints.Counts
		if counts.Failed != then.Failed || counts.Restored != then.Restored || counts.Completed <= then.Completed {
			t.Errorf("%s: got the counts %+v, want more completed checkpoints than %+v and nothing else", l.release, counts, then)
		}
		t.Logf("%s: %s with 0 changes of leadership, %d checkpoints completed, %d failed, renewals at most %s apart",
			l.release, lasted, counts.Completed-then.Completed, counts.Failed-then.Failed, renewals[n].Round(100*time.Millisecond))
	}
}

// sameLeader compares the lock, which only its renewals may have changed, and what the processes say.
func (s *suite) sameLeader(t *testing.T, l *leader, before hastate.Lock) {
	t.Helper()
	now := s.lock(t, l)
	if !now.Renewed.After(before.Renewed) {
		t.Errorf("%s: the lock was last renewed at %s, and not since", l.release, now.Renewed)
	}
	now.Renewed = before.Renewed
	if now != before {
		t.Errorf("%s: got the lock %+v, want it as it was: %+v", l.release, now, before)
	}
	if starts := [2]int{l.JobManager.Starts(), l.TaskManager.Starts()}; starts != [2]int{1, 1} {
		t.Errorf("%s: got %d starts of the JobManager and the TaskManager, want one each", l.release, starts)
	}
	said, err := l.JobManager.Process().Said()
	if err != nil || strings.Contains(said, "revoked leadership") {
		t.Errorf("%s: the JobManager has lost its leadership (%v):\n%s", l.release, err, flink.Problems(said))
	}
}

// watchRenewals looks at the locks until the function that it returns is called, which tells for each leader how far apart two
// renewals were at most.
func (s *suite) watchRenewals(t *testing.T, leaders []*leader) func() []time.Duration {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	apart := make([]time.Duration, len(leaders))
	var watching sync.WaitGroup
	for n, l := range leaders {
		watching.Go(func() {
			var last time.Time
			for ctx.Err() == nil {
				object, err := s.client.CoreV1().ConfigMaps(l.namespace).Get(ctx, leaderMap, metav1.GetOptions{})
				if err == nil {
					if lock, ok := hastate.LockOf(object.Annotations); ok {
						if !last.IsZero() {
							apart[n] = max(apart[n], lock.Renewed.Sub(last))
						}
						last = lock.Renewed
					}
				}
				select {
				case <-ctx.Done():
				case <-time.After(500 * time.Millisecond):
				}
			}
		})
	}
	return func() []time.Duration {
		stop()
		watching.Wait()
		return apart
	}
}
