package cluster

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

func TestSlimConfigMapKeepsDataThatCanBeFlinkConfiguration(t *testing.T) {
	cases := map[string]struct {
		name        string
		labels      map[string]string
		annotations map[string]string
		data        map[string]string
		want        []string
	}{
		"both files by their names, whatever is in them": {
			data: map[string]string{"flink-conf.yaml": "", "config.yaml": "a: b", "log4j-console.properties": "rootLogger.level = INFO"},
			want: []string{"config.yaml", "flink-conf.yaml"},
		},
		"a renamed key that holds an option of high availability": {
			data: map[string]string{"flink": "high-availability.type: kubernetes", "other": "x: y"}, want: []string{"flink"},
		},
		"a renamed key that holds an option of a JobManager": {
			data: map[string]string{"flink": "jobmanager.rpc.address: jm"}, want: []string{"flink"},
		},
		"a renamed key with nested YAML": {
			data: map[string]string{"flink": "jobmanager:\n  rpc:\n    address: jm\n"}, want: []string{"flink"},
		},
		"all keys where the author declares configuration": {
			annotations: map[string]string{"flink-ha.dev/configuration": "true"},
			data:        map[string]string{"a": "parallelism.default: 2", "b": "x"}, want: []string{"a", "b"},
		},
		"nothing of a dashboard of Flink's metrics": {
			data: map[string]string{"flink.json": `{"expr":"flink_jobmanager_numRunningJobs","legend":"jobmanager {{host}}"}`},
		},
		"nothing of a foreign ConfigMap":      {data: map[string]string{"nginx.conf": "server {}"}},
		"nothing of a ConfigMap without data": {},
		"nothing of a value that is too large": {
			data: map[string]string{"flink-conf.yaml": strings.Repeat("#", 1<<20+1)},
		},
		"a value of the largest size": {
			data: map[string]string{"flink-conf.yaml": strings.Repeat("#", 1<<20)}, want: []string{"flink-conf.yaml"},
		},
		"a native client's configuration, whose labels are those of HA state": {
			name: "flink-config-demo", labels: map[string]string{"type": "flink-native-kubernetes"},
			data: map[string]string{"flink-conf.yaml": "a: b", "logback-console.xml": "<x/>"}, want: []string{"flink-conf.yaml"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			full := &corev1.ConfigMap{Data: tc.data, BinaryData: map[string][]byte{"flink-conf.yaml.gz": {1}}}
			full.Namespace, full.Name, full.ResourceVersion = "team", "some", "7"
			if tc.name != "" {
				full.Name = tc.name
			}
			full.Labels, full.Annotations = tc.labels, tc.annotations
			full.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl"}}

			got := transformTwice(t, slimConfigMap, full)
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(got.Data))); diff != "" {
				t.Errorf("data keys (-want,+got):\n%s", diff)
			}
			for key, value := range got.Data {
				if value != tc.data[key] {
					t.Errorf("data key %q was changed", key)
				}
			}
			if got.Name != full.Name || got.Namespace != "team" || got.ResourceVersion != "7" {
				t.Errorf("the object is no longer who it was: %s/%s at %q", got.Namespace, got.Name, got.ResourceVersion)
			}
			if got.BinaryData != nil || got.ManagedFields != nil {
				t.Error("binaryData or managedFields were kept")
			}
		})
	}
}

func TestSlimConfigMapKeepsOfTheMetadataWhatAJudgementReads(t *testing.T) {
	deleted := metav1.NewTime(time.Unix(1000, 0))
	full := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: "flink-config", Namespace: "team", UID: "u", ResourceVersion: "7", Generation: 3, DeletionTimestamp: &deleted,
			Labels: map[string]string{"app": "demo"},
			Annotations: map[string]string{
				"flink-ha.dev/high-availability":                   "not-required batch",
				"exempt.flink-ha.dev/storage-dir-local":            "2030-01-01 moving",
				"notflink-ha.dev/x":                                "x",
				"kubectl.kubernetes.io/last-applied-configuration": "{}",
				"plain": "x",
			},
			Finalizers:      []string{"x/y"},
			OwnerReferences: []metav1.OwnerReference{{Name: "x"}},
		},
		Data: map[string]string{"config.yaml": "a: b"},
	}
	want := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: "flink-config", Namespace: "team", UID: "u", ResourceVersion: "7", DeletionTimestamp: &deleted,
			Labels: map[string]string{"app": "demo"},
			Annotations: map[string]string{
				"flink-ha.dev/high-availability":        "not-required batch",
				"exempt.flink-ha.dev/storage-dir-local": "2030-01-01 moving",
			},
		},
		Data: map[string]string{"config.yaml": "a: b"},
	}
	if diff := cmp.Diff(want, transformTwice(t, slimConfigMap, full)); diff != "" {
		t.Errorf("kept (-want,+got):\n%s", diff)
	}
}

func TestSlimConfigMapKeepsWhatTheInventoryKnowsOfHAState(t *testing.T) {
	owner := metav1.OwnerReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "demo", UID: "d"}
	full := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "team", Name: "demo-cluster-config-map", UID: "u", ResourceVersion: "7", OwnerReferences: []metav1.OwnerReference{owner},
			Annotations: map[string]string{
				hastate.LeaderAnnotation:             `{"holderIdentity":"a","leaseDuration":15.0,"acquireTime":"2026-01-01T00:00:00Z","renewTime":"2026-01-01T00:01:00Z","leaderTransitions":0}`,
				"flink-ha.dev/keep-owner-references": "2030-01-01 tests", "other": "x",
			},
		},
		Data: map[string]string{"executionPlan-" + strings.Repeat("0", 32): "x"},
	}
	got := keptStateOf(t, full)
	want := &inventory.HAState{
		Namespace: "team", Name: "demo-cluster-config-map", UID: "u", ResourceVersion: "7",
		State: hastate.Name{Cluster: "demo", Kind: hastate.KindCluster}, Owners: []metav1.OwnerReference{owner},
		LedUntil: time.Date(2026, 1, 1, 0, 1, 15, 0, time.UTC), Pointers: true,
		Annotations: map[string]string{"flink-ha.dev/keep-owner-references": "2030-01-01 tests"},
	}
	if diff := cmp.Diff(want, got.state); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
	if got.Name != full.Name || got.Namespace != "team" || got.ResourceVersion != "7" || got.ManagedFields != nil || got.Labels != nil {
		t.Errorf("kept %+v", got.ObjectMeta)
	}
}

// keptStateOf is what the store holds of an HA ConfigMap.
func keptStateOf(t *testing.T, full *corev1.ConfigMap) *keptState {
	t.Helper()
	once, err := slimConfigMap(full)
	if err != nil {
		t.Fatal(err)
	}
	kept, ok := once.(*keptState)
	if !ok {
		t.Fatalf("%s is kept as %T", full.Name, once)
	}
	return transformTwice(t, slimConfigMap, kept)
}
