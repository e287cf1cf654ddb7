package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// owner makes a Deployment that can own something.
func (s *suite) owner(t *testing.T, namespace string) *appsv1.Deployment {
	t.Helper()
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), deployment("owner", "", "serve"), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return created
}

func TestHAStateSurvivesTheDeletionOfItsOwner(t *testing.T) {
	s := shared
	guarded, control := s.namespace(t), s.namespace(t, "flink-ha.dev/guard=disabled")
	for _, namespace := range []string{guarded, control} {
		owner := s.owner(t, namespace)
		configMaps := s.client.CoreV1().ConfigMaps(namespace)
		if _, err := configMaps.Create(t.Context(), leaderState("created-owned", ownedBy(owner)), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		later, err := configMaps.Create(t.Context(), leaderState("owned-later", nil), metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		later.OwnerReferences = ownedBy(owner)
		if _, err := configMaps.Update(t.Context(), later, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
		// What belongs to the Deployment keeps its owner, although its labels are those of HA state.
		configuration := configMap("flink-config-demo", "config.yaml", goodConfiguration)
		configuration.Labels = leaderState("demo", nil).Labels
		configuration.OwnerReferences = ownedBy(owner)
		if _, err := configMaps.Create(t.Context(), configuration, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := s.client.AppsV1().Deployments(namespace).Delete(t.Context(), owner.Name, metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, gone := range [][2]string{
		{control, "created-owned-cluster-config-map"},
		{control, "owned-later-cluster-config-map"},
		{control, "flink-config-demo"},
		{guarded, "flink-config-demo"},
	} {
		eventually(t, "the garbage collector to delete "+gone[1], func() bool { return s.isGone(t, gone[0], gone[1]) })
	}
	// The collector deleted everything else that the owner had, in both namespaces: what is still there, stays.
	for _, state := range []string{"created-owned-cluster-config-map", "owned-later-cluster-config-map"} {
		if s.isGone(t, guarded, state) {
			t.Errorf("%s is gone, want it to survive", state)
		}
	}
}

func TestStrippingTouchesNothingElse(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	state := leaderState("demo", ownedBy(s.owner(t, namespace)))
	state.Finalizers = []string{"example.com/keep"}
	created, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), state, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(created.OwnerReferences) > 0 {
		t.Errorf("got the owners %+v, want none", created.OwnerReferences)
	}
	if len(created.Finalizers) != 1 || created.Annotations[leaderAnnotation] == "" || len(created.Data) != 1 || len(created.Labels) != 2 {
		t.Errorf("got %+v, want all else as it was sent", created)
	}
	created.Finalizers = nil
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Update(t.Context(), created, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestWhoeverAddsAnOwnerOrDeletesStateIsWarned(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	const manifest = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: demo-cluster-config-map
  labels: {app: demo, type: flink-native-kubernetes}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: x, uid: no-such-uid}]
`
	output, err := s.kubectl(t, manifest, "create", "-n", namespace, "-f", "-")
	for _, want := range []string{
		`owner references of the HA state of Flink cluster "demo" were removed: deleting Deployment "x" would have the garbage collector delete it`,
		`annotate the ConfigMap flink-ha.dev/keep-owner-references: "YYYY-MM-DD why"`,
	} {
		if err != nil || !strings.Contains(output, want) {
			t.Errorf("got %v, %s, want the writer told: %s", err, output, want)
		}
	}
	output, err = s.kubectl(t, "", "delete", "configmap", "demo-cluster-config-map", "-n", namespace)
	if err != nil || !strings.Contains(output, `HA state of Flink cluster "demo", which is not in use: it points to no job or checkpoint`) {
		t.Errorf("got %v, %s, want the deleter told", err, output)
	}
}

// TestAServerSideApplierOfOwnerReferences goes on to manage a field that is not there, and however often it applies, nothing changes.
func TestAServerSideApplierOfOwnerReferences(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	configMaps := s.client.CoreV1().ConfigMaps(namespace)
	owner := s.owner(t, namespace)
	if _, err := configMaps.Create(t.Context(), leaderState("demo", nil), metav1.CreateOptions{FieldManager: "flink"}); err != nil {
		t.Fatal(err)
	}
	applied := func(owners ...metav1.OwnerReference) *corev1.ConfigMap {
		t.Helper()
		metadata := map[string]any{"name": "demo-cluster-config-map"}
		if len(owners) > 0 {
			metadata["ownerReferences"] = owners
		}
		raw, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
		if err != nil {
			t.Fatal(err)
		}
		got, err := configMaps.Patch(t.Context(), "demo-cluster-config-map", types.ApplyPatchType, raw, metav1.PatchOptions{FieldManager: "applier"})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := applied(ownedBy(owner)...)
	manages := func(state *corev1.ConfigMap) bool {
		return slices.ContainsFunc(state.ManagedFields, func(m metav1.ManagedFieldsEntry) bool {
			return m.Manager == "applier" && strings.Contains(m.FieldsV1.GetRawString(), "f:ownerReferences")
		})
	}
	if len(first.OwnerReferences) > 0 || !manages(first) {
		t.Errorf("got the owners %v and the managed fields %v", first.OwnerReferences, first.ManagedFields)
	}
	for range 5 {
		if again := applied(ownedBy(owner)...); again.ResourceVersion != first.ResourceVersion || len(again.OwnerReferences) > 0 {
			t.Fatalf("got the version %s, want %s", again.ResourceVersion, first.ResourceVersion)
		}
	}
	if without := applied(); manages(without) {
		t.Errorf("got the managed fields %v, want the applier to have let go", without.ManagedFields)
	}
}
