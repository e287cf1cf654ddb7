package e2e

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// label sets a label of a namespace by key=value, or removes it by key-, and returns what kubectl printed.
func (s *suite) label(t *testing.T, namespace, label string) string {
	t.Helper()
	output, err := s.kubectl(t, "", "label", "namespace", namespace, "--overwrite", label)
	if err != nil {
		t.Fatal(output)
	}
	return output
}

// awaitNamespace waits until the guard has seen a namespace that was just made. Until then it knows no labels of it. What it
// sees of one kind comes in the order in which it was made, so a marker with a label of its own that is newer tells.
func (s *suite) awaitNamespace(t *testing.T, namespace string) {
	t.Helper()
	marker := s.namespace(t, "flink-ha.dev/enforce=off")
	eventually(t, "the guard to know the namespace "+namespace, func() bool {
		_, err := s.client.CoreV1().ConfigMaps(marker).Create(t.Context(), configMap("marker", "flink-conf.yaml", noHA), dryRun())
		if err != nil && !apierrors.IsForbidden(err) {
			t.Fatal(err)
		}
		return err == nil
	})
	if err := s.client.CoreV1().Namespaces().Delete(t.Context(), marker, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
}

func dryRun() metav1.CreateOptions { return metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}} }

// mistakes makes ConfigMaps with a mistake of the baseline where nothing is enforced.
func (s *suite) mistakes(t *testing.T, namespace string, names ...string) {
	t.Helper()
	s.awaitNamespace(t, namespace)
	for _, name := range names {
		object := configMap(name, "flink-conf.yaml", configuration(namespace, "high-availability.storageDir:"))
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestALabelThatWouldRefuseWhatIsThere is told of at once, as Pod Security Admission tells.
func TestALabelThatWouldRefuseWhatIsThere(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=off")
	s.mistakes(t, namespace, "a", "b", "c", "d")
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("right", "config.yaml", configuration(namespace)), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	want := `Warning: under the new enforce level "baseline", 4 objects in this namespace would be refused if applied anew: ConfigMap a, ConfigMap b, ConfigMap c and 1 more`
	eventually(t, "the preview to name four ConfigMaps", func() bool {
		output, err := s.kubectl(t, "", "label", "--dry-run=server", "namespace", namespace, "--overwrite", "flink-ha.dev/enforce=baseline")
		return err == nil && contains(output, want)
	})
	if output := s.label(t, namespace, "flink-ha.dev/enforce=baseline"); !contains(output, want) {
		t.Errorf("got %q, want the preview", output)
	}
	if output := s.label(t, namespace, "team=streaming"); contains(output, "Warning") {
		t.Errorf("another label: got %q, want nothing said", output)
	}
	if output := s.label(t, namespace, "flink-ha.dev/enforce=off"); contains(output, "Warning") {
		t.Errorf("back to a trial: got %q, want nothing said", output)
	}
}

// TestALabelThatMeansNothingIsRefused is about misspelt levels, which nobody would notice.
func TestALabelThatMeansNothingIsRefused(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	for _, label := range []string{"flink-ha.dev/enforce=restricted", "flink-ha.dev/warn-version=1.2", "flink-ha.dev/guard=off"} {
		output, err := s.kubectl(t, "", "label", "namespace", namespace, label)
		if err == nil || !contains(output, `admission webhook "validate-owned.flink-ha.dev" denied the request`) {
			t.Errorf("%s: got %v, %s, want it refused", label, err, output)
		}
	}
	made := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-", Labels: map[string]string{"flink-ha.dev/enforce": "on"}}}
	if _, err := s.client.CoreV1().Namespaces().Create(t.Context(), made, metav1.CreateOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("a new namespace: got %v, want it refused", err)
	}
	if output := s.label(t, namespace, "flink-ha.dev/enforce-version=v9.0"); !contains(output, "Warning") {
		t.Errorf("a rule set of the future: got %q, want a warning", output)
	}
}

// TestAWrongLabelThatWasThereHoldsNothingUp sets it where the guard does not look.
func TestAWrongLabelThatWasThereHoldsNothingUp(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/guard=disabled", "flink-ha.dev/enforce=restricted")
	if output := s.label(t, namespace, "flink-ha.dev/guard-"); !contains(output, "flink-ha.dev/enforce") {
		t.Errorf("got %q, want a warning of the wrong label", output)
	}
	if err := s.client.CoreV1().Namespaces().Delete(t.Context(), namespace, metav1.DeleteOptions{}); err != nil {
		t.Error(err)
	}
}

func contains(text, part string) bool { return strings.Contains(text, part) }
