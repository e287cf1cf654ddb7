package evidence

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// TestTheNativeClientAndTheGuard lets Flink's native client create a session cluster where the guard refuses, where it only
// warns, and where it is registered and gone. Flink's client shows nobody the warnings that an answer carries, so that the
// guard's and the API server's own counts tell what they were asked.
func TestTheNativeClientAndTheGuard(t *testing.T) {
	s := shared
	foundBefore := s.found(t)
	t.Run("alive", func(t *testing.T) {
		s.createClusters(t, "enforce", nil, true)
		s.createClusters(t, "warn", []string{"flink-ha.dev/enforce=off"}, false)
	})
	if found, want := s.found(t)-foundBefore, float64(2*len(clientReleases())); found < want {
		t.Errorf("the guard found %v times that high availability is off, want at least %v", found, want)
	}
	openBefore := s.letThrough(t)
	if err := s.Guard.Kill(); err != nil {
		t.Fatal(err)
	}
	t.Run("dead", func(t *testing.T) { s.createClusters(t, "enforce", nil, false) })
	if s.letThrough(t) == openBefore {
		t.Error("the API server let nothing through for want of a guard, so the guard was not dead")
	}
	if err := s.Guard.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func clientReleases() []flink.Release {
	return []flink.Release{flink.Release118, flink.Release120, flink.Release23}
}

// createClusters creates two clusters with each release, in namespaces with these labels.
func (s *suite) createClusters(t *testing.T, mode string, labels []string, refused bool) {
	t.Helper()
	const highAvailability = kubernetesMode + storageDir
	for _, of := range clientReleases() {
		t.Run(mode+"/"+string(of)+"/with high availability", func(t *testing.T) {
			t.Parallel()
			s.try(t, s.namespace(t, labels...), of, client(highAvailability), creates(cluster("demo", true)))
		})
		t.Run(mode+"/"+string(of)+"/without", func(t *testing.T) {
			t.Parallel()
			s.try(t, s.namespace(t, labels...), of, client(withoutHA), withoutHighAvailability(refused))
		})
	}
}

// withoutHighAvailability is what becomes of a cluster without high availability. The guard refuses the configuration, which the
// client creates last; on that the client takes back the Deployment, and the garbage collector what belongs to it.
func withoutHighAvailability(refused bool) outcome {
	if refused {
		return dies(
			`Could not create Kubernetes cluster "demo".`,
			`admission webhook "validate-owned.flink-ha.dev" denied the request: ConfigMap "flink-config-demo"`, "[high-availability-off]",
		)
	}
	return creates(cluster("demo", false))
}

// found is how often the guard has found that high availability is off.
func (s *suite) found(t *testing.T) float64 {
	t.Helper()
	text, err := s.Guard.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sum(t, text, "flink_ha_webhook_findings_total", "rule", "high-availability-off")
}

// letThrough is how often the API server let a request of the native client through because no guard answered.
func (s *suite) letThrough(t *testing.T) float64 {
	t.Helper()
	text, err := s.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sum(t, text, "apiserver_admission_webhook_fail_open_count", "name", "validate-owned.flink-ha.dev")
}

// sum adds up the series of a counter that have a label.
func sum(t *testing.T, text, name, label, value string) float64 {
	t.Helper()
	total, err := bench.Sum(text, name, map[string]string{label: value})
	if err != nil {
		t.Fatal(err)
	}
	return total
}
