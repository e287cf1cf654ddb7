package e2e

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestRenewalsNeverReachTheGuard renews a leader's lock a thousand times and counts, with the API server's own metrics, how
// often it asked any webhook.
func TestRenewalsNeverReachTheGuard(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	configMaps := s.client.CoreV1().ConfigMaps(namespace)
	state, err := configMaps.Create(t.Context(), leaderState("demo", nil), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	before := s.webhookCalls(t)
	const renewals = 1000
	for n := 1; n <= renewals; n++ {
		state.Annotations[leaderAnnotation] = lock(n)
		if state, err = configMaps.Update(t.Context(), state, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if after := s.webhookCalls(t); after != before {
		t.Errorf("the API server asked webhooks %v times over %d renewals, want never", after-before, renewals)
	}
	// The count does count: a write that adds an owner is asked about.
	state.OwnerReferences = ownedBy(s.owner(t, namespace))
	before = s.webhookCalls(t)
	if _, err := configMaps.Update(t.Context(), state, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	if after := s.webhookCalls(t); after == before {
		t.Error("the API server asked no webhook about a new owner reference")
	}
}

// webhookCalls is how often the API server has called any webhook.
func (s *suite) webhookCalls(t *testing.T) float64 {
	t.Helper()
	text, err := s.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sum(t, text, "apiserver_admission_webhook_request_total")
}

// TestTheGuardIsDead writes, while no guard answers, everything that must not depend on it, and what does.
func TestTheGuardIsDead(t *testing.T) {
	s := shared
	namespace, free := s.namespace(t), s.namespace(t, "flink-ha.dev/guard=disabled")
	live, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), leaderState("live", nil), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("to-delete", "flink-conf.yaml", goodConfiguration), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	s.killGuard(t)
	t.Run("ConfigMaps that are not Flink's pass", func(t *testing.T) { s.foreignConfigMapsPass(t, namespace) })
	t.Run("what Flink's native client makes passes", func(t *testing.T) { s.nativeObjectsPass(t, namespace) })
	t.Run("leaders go on", func(t *testing.T) {
		live.Annotations[leaderAnnotation] = lock(1)
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Update(t.Context(), live, metav1.UpdateOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("other workloads, and all deletions, pass", func(t *testing.T) {
		s.owner(t, namespace)
		if err := s.client.AppsV1().Deployments(namespace).Delete(t.Context(), "owner", metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
		if err := s.client.CoreV1().ConfigMaps(namespace).Delete(t.Context(), "to-delete", metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("namespaces are made, labelled and deleted", func(t *testing.T) {
		name := s.namespace(t, "flink-ha.dev/enforce=strict")
		for _, label := range []string{"flink-ha.dev/enforce=baseline", "flink-ha.dev/warn=misspelt", "flink-ha.dev/guard=disabled"} {
			if output, err := s.kubectl(t, "", "label", "--overwrite", "namespace", name, label); err != nil {
				t.Error(output)
			}
		}
		if err := s.client.CoreV1().Namespaces().Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("a namespace without the guard is free", func(t *testing.T) {
		if _, err := s.client.CoreV1().ConfigMaps(free).Create(t.Context(), configMap("any", "flink-conf.yaml", noHA), metav1.CreateOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("Flink configuration that people apply is refused", func(t *testing.T) {
		_, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("c", "flink-conf.yaml", goodConfiguration), metav1.CreateOptions{})
		if err == nil || !strings.Contains(err.Error(), "validate.flink-ha.dev") {
			t.Errorf("got %v, want an error that names the webhook", err)
		}
	})
	t.Run("the label frees a namespace", func(t *testing.T) {
		if output, err := s.kubectl(t, "", "label", "namespace", namespace, "flink-ha.dev/guard=disabled"); err != nil {
			t.Fatal(output)
		}
		eventually(t, "the label to free the namespace", func() bool {
			_, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("c", "flink-conf.yaml", noHA), metav1.CreateOptions{})
			return err == nil
		})
	})
}

func (s *suite) foreignConfigMapsPass(t *testing.T, namespace string) {
	t.Helper()
	large := configMap("large", "config.yaml", strings.Repeat("x", 1_000_000))
	binary := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "binary"}, BinaryData: map[string][]byte{"flink-conf.yaml": {0xff}, "config.yaml": {0xfe}}}
	for _, object := range []*corev1.ConfigMap{
		{ObjectMeta: metav1.ObjectMeta{Name: "empty"}},
		{ObjectMeta: metav1.ObjectMeta{Name: "x-cluster-config-map"}},
		binary, large,
		configMap("large-adapter", "config.yaml", strings.Repeat("- seriesQuery: flink_jobmanager_numRunningJobs # of a high-availability setup\n", 200)),
		configMap("prometheus-adapter", "config.yaml", "rules: [{seriesQuery: flink_taskmanager_job_task}]\n"),
		configMap("flink-operator-config", "flink-conf.yaml", noHA),
		configMap("app", "application.properties", noHA),
	} {
		created, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{})
		if err != nil {
			t.Errorf("creating %s: %v", object.Name, err)
			continue
		}
		created.Labels = map[string]string{"changed": "yes"}
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Update(t.Context(), created, metav1.UpdateOptions{}); err != nil {
			t.Errorf("updating %s: %v", object.Name, err)
		}
	}
}

// nativeObjectsPass creates what Flink's native client does, in its order: the Deployment first, then what it owns.
func (s *suite) nativeObjectsPass(t *testing.T, namespace string) {
	t.Helper()
	native := deployment("native", "flink-config-native", "bash", "-c", "kubernetes-jobmanager.sh kubernetes-session ")
	native.Labels = map[string]string{"app": "native", "type": "flink-native-kubernetes", "component": "jobmanager"}
	native.Spec.Template.Spec.Containers[0].Command = []string{"/docker-entrypoint.sh"}
	native.Spec.Template.Spec.ServiceAccountName = "default"
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), native, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	configuration := configMap("flink-config-native", "config.yaml", "jobmanager: {rpc: {port: 6123}}\n")
	configuration.Labels = map[string]string{"app": "native", "type": "flink-native-kubernetes"}
	configuration.OwnerReferences = ownedBy(created)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configuration, metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), leaderState("native", nil), metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
}

func TestANamespaceWithoutTheGuardIsFree(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/guard=disabled")
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("any", "flink-conf.yaml", noHA), metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
	other := s.namespace(t)
	if _, err := s.client.CoreV1().ConfigMaps(other).Create(t.Context(), configMap("any", "flink-conf.yaml", noHA), metav1.CreateOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("the control: got %v, want it refused", err)
	}
}
