package hastate

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// TestALapsedLockIsTakenOver creates the ConfigMap of a leader with the lock that a restoration gives to one from a backup without
// annotations, and starts a JobManager, which has to lead by it.
func TestALapsedLockIsTakenOver(t *testing.T) {
	s := shared
	releases := []flink.Release{flink.Release23}
	if s.long {
		releases = []flink.Release{flink.Release118, flink.Release120, flink.Release23}
	}
	for _, of := range releases {
		t.Run(string(of), func(t *testing.T) {
			namespace := s.namespace(t)
			backup := &corev1.ConfigMap{
				ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: leaderMap, Labels: map[string]string{"app": "demo", "type": "flink-native-kubernetes"}},
				Data:       map[string]string{"jobGraph-demo": "unreadable"}, // without a pointer there is nothing to restore
			}
			restored := hastate.PlanRestore(backup, nil).Create
			if restored == nil {
				t.Fatal("nothing is to be created")
			}
			restored.Data = nil // a job graph that cannot be read would be fatal
			if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), restored, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
			s.cluster(t, of, namespace)
			eventually(t, "a JobManager to lead by the restored ConfigMap", func() bool {
				lock, ok := hastate.LockOf(s.configMap(t, namespace, leaderMap).Annotations)
				return ok && lock.HeldAt(time.Now())
			})
		})
	}
}
