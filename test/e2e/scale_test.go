package e2e

import (
	"testing"
)

// TestAJobManagerIsScaled by kubectl: several of them need high availability.
func TestAJobManagerIsScaled(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	caller := s.caller(t, "")
	alone := jobManager("alone-jobmanager", "", "high-availability.type=NONE")
	alone.Annotations = map[string]string{"flink-ha.dev/high-availability": "not-required development"}
	for _, object := range []any{alone, jobManager("ha-jobmanager", "", properties(configuration(namespace))...)} {
		if got := caller.create(t, namespace, object); !got.is(nil, nil) {
			t.Fatalf("got %+v, want both admitted", got)
		}
	}
	scale := func(name, replicas string) string {
		output, err := s.kubectl(t, "", "scale", "deployment", name, "-n", namespace, "--replicas="+replicas)
		if err != nil {
			t.Fatal(output)
		}
		return output
	}
	eventually(t, "a warning of three JobManagers without high availability", func() bool {
		scale("alone-jobmanager", "1")
		return contains(scale("alone-jobmanager", "3"), "Warning: [replicas-without-high-availability]")
	})
	if output := scale("alone-jobmanager", "1"); contains(output, "Warning") {
		t.Errorf("back to one: got %q, want nothing said", output)
	}
	if output := scale("ha-jobmanager", "3"); contains(output, "Warning") {
		t.Errorf("with high availability: got %q, want nothing said", output)
	}
}
