package cluster

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// keptPerObject fills the store of an informer with objects that went through a transform, and returns the bytes of heap
// that each costs.
func keptPerObject(t *testing.T, objects int, transform toolscache.TransformFunc, object func(i int) client.Object) int {
	t.Helper()
	store := toolscache.NewIndexer(toolscache.MetaNamespaceKeyFunc, toolscache.Indexers{toolscache.NamespaceIndex: toolscache.MetaNamespaceIndexFunc})
	before := heapInUse()
	for i := range objects {
		slim, err := transform(object(i))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Add(slim); err != nil {
			t.Fatal(err)
		}
	}
	kept := heapInUse() - before
	runtime.KeepAlive(store)
	return int(kept) / objects
}

func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func bigMeta(i int) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Namespace: fmt.Sprintf("team-%03d", i%200), Name: fmt.Sprintf("some-configuration-%06d", i),
		UID: "0d4c1ff5-7c1e-4d3c-a1c8-3b0f0e3ad1a7", ResourceVersion: fmt.Sprint(100000 + i),
		Labels:        map[string]string{"app.kubernetes.io/name": "some", "app.kubernetes.io/instance": strings.Clone("instance")},
		Annotations:   map[string]string{"kubectl.kubernetes.io/last-applied-configuration": strings.Repeat("x", 1000)},
		ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl", FieldsV1: metav1.NewFieldsV1(strings.Repeat("f", 500))}},
	}
}

// The guard watches every ConfigMap and every workload of a cluster; what it holds of those that are none of its business
// decides how much memory it takes.
func TestForeignObjectsCostLittleMemory(t *testing.T) {
	asTheyAre := func(object any) (any, error) { return object, nil }
	foreign := func(i int) client.Object {
		return &corev1.ConfigMap{ObjectMeta: bigMeta(i), Data: map[string]string{"application.properties": strings.Repeat("y", 10_000)}}
	}
	renewed := func(i int) client.Object {
		object := &corev1.ConfigMap{ObjectMeta: bigMeta(i), Data: map[string]string{"checkpointID-0000000000000000001": strings.Repeat("y", 10_000)}}
		object.Name = fmt.Sprintf("demo-%032x-config-map", i)
		return object
	}
	workload := func(i int) client.Object {
		object := deployment("", "", "web", "serve", strings.Repeat("z", 3000))
		object.ObjectMeta = bigMeta(i)
		return object
	}
	cases := map[string]struct {
		transform toolscache.TransformFunc
		object    func(int) client.Object
		most      int
	}{
		"foreign ConfigMaps of 10 KB": {slimConfigMap, foreign, 800},
		"HA ConfigMaps":               {slimConfigMap, renewed, 800},
		"foreign Deployments":         {slimWorkload("flink"), workload, 2000},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			const objects = 10_000
			kept := keptPerObject(t, objects, tc.transform, tc.object)
			t.Logf("%d bytes for each of %d, %d without the transform", kept, objects, keptPerObject(t, objects/10, asTheyAre, tc.object))
			if kept > tc.most {
				t.Errorf("%d bytes are kept of each, want at most %d", kept, tc.most)
			}
		})
	}
}

func BenchmarkSlimConfigMap(b *testing.B) {
	cases := map[string]*corev1.ConfigMap{
		"foreign10KB": {ObjectMeta: bigMeta(1), Data: map[string]string{"application.properties": strings.Repeat("y", 10_000)}},
		"foreign1MiB": {ObjectMeta: bigMeta(1), Data: map[string]string{"dump": strings.Repeat("jobmanage", 1<<20/9)}},
		"flink":       {ObjectMeta: bigMeta(1), Data: map[string]string{"config.yaml": "high-availability.type: kubernetes"}},
		"renewal": {
			ObjectMeta: metav1.ObjectMeta{Name: "demo-cluster-config-map", Annotations: map[string]string{"control-plane.alpha.kubernetes.io/leader": "{}"}},
		},
	}
	for name, object := range cases {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := slimConfigMap(object); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
