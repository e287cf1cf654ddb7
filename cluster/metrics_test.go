package cluster

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// scraped are the series of the guard that are not zero, as Prometheus would read them.
func scraped(t *testing.T, registry *prometheus.Registry) map[string]string {
	t.Helper()
	recorder := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.PanicOnError}).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	series := map[string]string{}
	for line := range strings.SplitSeq(recorder.Body.String(), "\n") {
		name, value, ok := strings.Cut(line, " ")
		if ours, found := strings.CutPrefix(name, "flink_ha_webhook_"); ok && found && value != "0" {
			series[ours] = value
		}
	}
	return series
}

func newMetrics(t *testing.T) (*Metrics, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	metrics, err := NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	return metrics, registry
}

func TestMetricsTellWhatIsKnown(t *testing.T) {
	metrics, registry := newMetrics(t)
	if got := scraped(t, registry); len(got) > 0 {
		t.Errorf("before there is anything to tell of: %v", got)
	}
	config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "flink-config"}, Data: map[string]string{"config.yaml": "a: b"}}
	state := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "demo-cluster-config-map", Labels: map[string]string{"configmap-type": "high-availability"}},
	}
	synced, o := true, everything()
	o.Metrics = metrics
	s := surroundings(t, o, &synced, config, state, deployment("team", "jm", "", "jobmanager"), deployment("team", "tm", "", "taskmanager"))
	metrics.observe(s)
	s.ConfigMap("team", "none")
	want := map[string]string{
		"caches_synced": "1", `inventory_members{kind="Deployment"}`: "2", "inventory_configmaps": "1", "inventory_ha_configmaps": "1",
		`unknown_answers_total{question="configmap"}`: "1",
	}
	if diff := cmp.Diff(want, scraped(t, registry)); diff != "" {
		t.Errorf("metrics (-want,+got):\n%s", diff)
	}
}
