package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

// TestThePolicyIsReadWhereTheManifestsPutIt of whoever may read it.
func TestThePolicyIsReadWhereTheManifestsPutIt(t *testing.T) {
	shipped, err := os.ReadFile(filepath.Join("..", "manifests", "policy.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var configMap corev1.ConfigMap
	if err := yaml.Unmarshal(shipped, &configMap); err != nil {
		t.Fatal(err)
	}
	object, err := yaml.YAMLToJSON(shipped)
	if err != nil {
		t.Fatal(err)
	}
	p := startPagedServer(t)
	live, err := NewLive(&rest.Config{Host: p.URL, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	if text, _, unread, err := live.Policy(t.Context()); err != nil || unread != nil || text != nil {
		t.Errorf("got %v, %v, %s of a cluster without the guard, want no policy", err, unread, text)
	}
	path := "/api/v1/namespaces/" + configMap.Namespace + "/configmaps/" + configMap.Name
	p.single[path] = string(object)
	text, place, unread, err := live.Policy(t.Context())
	if err != nil || unread != nil || string(text) != configMap.Data["policy.yaml"] || !strings.Contains(place, "flink-ha-system/flink-ha-webhook-policy") {
		t.Errorf("got %v, %v, %s of %s", err, unread, text, place)
	}
	p.forbidden[path] = true
	if text, _, unread, err := live.Policy(t.Context()); err != nil || !apierrors.IsForbidden(unread) || text != nil {
		t.Errorf("got %v, %v, want to be told that it may not be read", err, unread)
	}
}
