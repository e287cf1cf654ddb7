package cluster

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

func newStore() toolscache.Indexer {
	return toolscache.NewIndexer(toolscache.MetaNamespaceKeyFunc, toolscache.Indexers{toolscache.NamespaceIndex: toolscache.MetaNamespaceIndexFunc})
}

// storesWith puts the workloads among the objects into stores, as informers do, and returns the other objects.
func storesWith(t *testing.T, objects ...client.Object) (stores *objectStores, others []client.Object) {
	t.Helper()
	stores = newObjectStores()
	for _, kind := range workloadKinds() {
		stores.add(kind.name, newStore())
	}
	for _, object := range objects {
		var kind string
		switch object.(type) {
		case *appsv1.Deployment:
			kind = kindDeployment
		case *appsv1.StatefulSet:
			kind = kindStatefulSet
		case *batchv1.Job:
			kind = kindJob
		default:
			others = append(others, object)
			continue
		}
		store, _ := stores.of(kind)
		if err := store.Add(keptOf(t, object)); err != nil {
			t.Fatal(err)
		}
	}
	return stores, others
}

func TestStoresAreAskedByKindAndNamespace(t *testing.T) {
	stores, _ := storesWith(t, deployment("team", "jm", "flink", "jobmanager"), deployment("other", "jm", "", "jobmanager"))
	if stores.find(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "jm"}) == nil {
		t.Error("a Deployment is not found")
	}
	for _, key := range []inventory.Key{
		{Kind: "Job", Namespace: "team", Name: "jm"}, {Kind: "Deployment", Namespace: "team", Name: "none"}, {Kind: "FlinkDeployment", Namespace: "team", Name: "jm"},
	} {
		if stores.find(key) != nil {
			t.Errorf("%v is found", key)
		}
	}
	if !stores.watches("Job") || stores.watches("FlinkDeployment") {
		t.Error("watched kinds")
	}
	var names []string
	stores.members(func(member *inventory.Member) { names = append(names, member.Namespace) })
	if len(names) != 2 {
		t.Errorf("members in %v, want both", names)
	}
}
