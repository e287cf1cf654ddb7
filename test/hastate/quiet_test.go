package hastate

import (
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// TestLeadersAreNeverAskedAbout counts, with the API server's own metrics, how often a webhook was asked from the first write of
// a JobManager on, while it leads and its job takes a checkpoint every second, and while the next one takes over.
func TestLeadersAreNeverAskedAbout(t *testing.T) {
	s := shared
	releases := []flink.Release{flink.Release23}
	if s.long {
		releases = []flink.Release{flink.Release118, flink.Release120, flink.Release23}
	}
	asked, written := s.asked(t), s.written(t)
	leaders := s.leads(t, releases)
	s.undisturbed(t, leaders, func() { time.Sleep(s.lasts(30*time.Second, 10*time.Minute)) })
	for _, l := range leaders {
		goesOn(t, l.Cluster, l.job)
	}
	calls, writes := s.asked(t)-asked, s.written(t)-written
	if calls != 0 || writes == 0 {
		t.Errorf("webhooks were called %v times over %v writes of ConfigMaps, want never", calls, writes)
	}
	t.Logf("%v webhook calls over %v writes of ConfigMaps", calls, writes)
	// The count does count: a write that adds an owner is asked about.
	s.putOwner(t, leaders[0].namespace, leaders[0].job, s.owner(t, leaders[0].namespace))
	if s.asked(t) == asked+calls {
		t.Error("no webhook was called for a new owner reference")
	}
}

// asked is how often the API server has called any webhook.
func (s *suite) asked(t *testing.T) float64 {
	t.Helper()
	return s.counted(t, "apiserver_admission_webhook_request_total", nil)
}

// written is how often anybody has written a ConfigMap.
func (s *suite) written(t *testing.T) float64 {
	t.Helper()
	var total float64
	for _, verb := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		total += s.counted(t, "apiserver_request_total", map[string]string{"resource": "configmaps", "verb": verb})
	}
	return total
}

// counted is a counter of the API server.
func (s *suite) counted(t *testing.T, name string, labels map[string]string) float64 {
	t.Helper()
	text, err := s.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	total, err := bench.Sum(text, name, labels)
	if err != nil {
		t.Fatal(err)
	}
	return total
}
