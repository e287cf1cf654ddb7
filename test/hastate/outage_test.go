package hastate

import (
	"context"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// An outage takes the guard away, or lets somebody answer in its place.
type outage struct {
	what string
	// refuses tells that some writes that others make are refused all the same: of a patch that does not apply, the API server
	// makes an error whatever the webhook's failure policy.
	refuses bool
	// begins starts it, and returns what ends it besides the guard's next start.
	begins func(*suite, *testing.T) (ends func())
}

func outages() []outage {
	return []outage{
		{"killed", false, func(s *suite, t *testing.T) func() {
			t.Helper()
			s.killGuard(t)
			return func() {}
		}},
		{"hanging", false, func(s *suite, t *testing.T) func() {
			t.Helper()
			if err := s.Guard.Pause(); err != nil {
				t.Fatal(err)
			}
			return func() { s.killGuard(t) }
		}},
		{"answering garbage", true, func(s *suite, t *testing.T) func() {
			t.Helper()
			s.killGuard(t)
			return s.impersonate(t)
		}},
	}
}

// TestLeadersOutliveTheGuard takes the guard away under live leaders, while others go on writing what it is asked about: no
// leadership is lost, and no checkpoint fails.
func TestLeadersOutliveTheGuard(t *testing.T) {
	s := shared
	releases := []flink.Release{flink.Release23}
	if s.long {
		releases = []flink.Release{flink.Release118, flink.Release120, flink.Release23}
	}
	leaders := s.leads(t, releases)
	for _, outage := range outages() {
		t.Run(outage.what, func(t *testing.T) {
			s.lacksGuard(t, outage)
			open := s.letThrough(t)
			s.undisturbed(t, leaders, func() {
				if refused := s.othersGoOn(t, s.lasts(20*time.Second, 2*time.Minute)); refused > 0 != outage.refuses {
					t.Errorf("%d writes of others were refused, want some: %t", refused, outage.refuses)
				}
			})
			if s.letThrough(t) == open {
				t.Error("the API server let nothing through for want of a guard, so there was no outage")
			}
		})
	}
}

// lacksGuard begins an outage that lasts until the test ends.
func (s *suite) lacksGuard(t *testing.T, outage outage) {
	t.Helper()
	ends := outage.begins(s, t)
	t.Cleanup(func() {
		ends()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Guard.Start(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func (s *suite) killGuard(t *testing.T) {
	t.Helper()
	if err := s.Guard.Kill(); err != nil {
		t.Fatal(err)
	}
}

// letThrough is how often the API server let a request through because no guard answered, or none that it understood.
func (s *suite) letThrough(t *testing.T) float64 {
	t.Helper()
	return s.counted(t, "apiserver_admission_webhook_fail_open_count", nil)
}

// othersGoOn creates HA ConfigMaps with an owner in another namespace, twice a second. Each is asked about. It returns how many
// were refused.
func (s *suite) othersGoOn(t *testing.T, lasts time.Duration) (refused int) {
	t.Helper()
	namespace := s.namespace(t)
	owner := s.owner(t, namespace)
	var passed int
	var slowest time.Duration
	for end := time.Now().Add(lasts); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		id := fmt.Sprintf("other-%d", passed+refused)
		state := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
			Name: id + "-cluster-config-map", OwnerReferences: []metav1.OwnerReference{owner},
			Labels: map[string]string{"app": id, "type": "flink-native-kubernetes"},
		}}
		began := time.Now()
		_, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), state, metav1.CreateOptions{})
		slowest = max(slowest, time.Since(began))
		switch {
		case err == nil:
			passed++
		case apierrors.IsInternalError(err):
			refused++
		default:
			t.Error(err)
		}
	}
	t.Logf("others: %d writes with an owner passed and %d were refused, the slowest in %s", passed, refused, slowest.Round(time.Millisecond))
	return refused
}
