package cluster

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// flinkDeployment is a custom resource as the API server sends it.
func flinkDeployment(namespace, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment",
		"metadata": map[string]any{
			"namespace": namespace, "name": name, "uid": "uid-of-" + name, "resourceVersion": "7",
			"managedFields": []any{map[string]any{"manager": "kubectl"}},
		},
		"spec":   map[string]any{"flinkVersion": "v1_20", "flinkConfiguration": map[string]any{"high-availability.type": "kubernetes"}},
		"status": map[string]any{"lifecycleState": "STABLE"},
	}}
}

func TestSlimResourceKeepsWhatItDescribes(t *testing.T) {
	kept, ok := transformTwice[client.Object](t, slimResource, flinkDeployment("team", "demo")).(*keptObject)
	if !ok || kept.member == nil || kept.Name != "demo" || kept.Namespace != "team" || kept.ResourceVersion != "7" || kept.UID != "uid-of-demo" {
		t.Fatalf("got %+v", kept)
	}
	if kept.member.Content["status"] != nil || kept.member.Content["spec"] == nil {
		t.Errorf("content: got %v, want it without its status", kept.member.Content)
	}
	other := flinkDeployment("team", "demo")
	other.SetAPIVersion("flink.apache.org/v9")
	if kept := transformTwice[client.Object](t, slimResource, other).(*keptObject); kept.member != nil || kept.Name != "demo" {
		t.Errorf("a version that we do not know: got %+v, want its name", kept)
	}
}

// fakeInformers are informers that are filled by hand.
type fakeInformers struct {
	cache.Informers
	running map[string]toolscache.SharedIndexInformer
	trouble error
}

func (f *fakeInformers) GetInformer(_ context.Context, object client.Object, _ ...cache.InformerGetOption) (cache.Informer, error) {
	if f.trouble != nil {
		return nil, f.trouble
	}
	informer := toolscache.NewSharedIndexInformer(&toolscache.ListWatch{}, object, 0, toolscache.Indexers{})
	f.running[object.GetObjectKind().GroupVersionKind().Kind] = informer
	return informer, nil
}

func (f *fakeInformers) RemoveInformer(_ context.Context, object client.Object) error {
	delete(f.running, object.GetObjectKind().GroupVersionKind().Kind)
	return f.trouble
}

func TestCustomResourcesAreWatchedWhereTheyExist(t *testing.T) {
	notFound := apierrors.NewNotFound(schema.GroupResource{}, "flink.apache.org")
	old, all := []string{"flinkdeployments", "flinkdeployments/status", "flinksessionjobs"}, []string{"flinkdeployments", "flinksessionjobs", "flinkbluegreendeployments"}
	informers := &fakeInformers{running: map[string]toolscache.SharedIndexInformer{}}
	f := newFeed(nil)
	stores := newObjectStores()
	var served []string
	var trouble error
	c := &customResources{
		served: func(context.Context) (*metav1.APIResourceList, error) {
			list := &metav1.APIResourceList{}
			for _, name := range served {
				list.APIResources = append(list.APIResources, metav1.APIResource{Name: name})
			}
			return list, trouble
		},
		informers: informers, feed: f, stores: stores, watched: map[string]*watchedKind{},
	}
	key := inventory.Key{Kind: "FlinkDeployment", Namespace: "team", Name: "demo"}
	for _, step := range []struct {
		what     string
		served   []string
		trouble  error
		want     []string
		wantFail bool
		looked   bool
	}{
		{"no answer yet", nil, errors.New("connection refused"), nil, true, false},
		{"no operator", nil, notFound, nil, false, true},
		{"an operator is installed", old, nil, []string{"FlinkDeployment", "FlinkSessionJob"}, false, true},
		{"the API server is away", nil, errors.New("connection refused"), []string{"FlinkDeployment", "FlinkSessionJob"}, true, true},
		{"a newer operator", all, nil, []string{"FlinkBlueGreenDeployment", "FlinkDeployment", "FlinkSessionJob"}, false, true},
		{"the operator is gone", nil, notFound, nil, false, true},
		{"it comes back", old, nil, []string{"FlinkDeployment", "FlinkSessionJob"}, false, true},
	} {
		served, trouble = step.served, step.trouble
		if err := c.look(t.Context()); (err != nil) != step.wantFail {
			t.Errorf("%s: got %v", step.what, err)
		}
		if diff := cmp.Diff(step.want, sortedKeys(informers.running)); diff != "" {
			t.Errorf("%s: informers (-want,+got):\n%s", step.what, diff)
		}
		if c.looked != step.looked || stores.watches("FlinkDeployment") != (step.want != nil) {
			t.Errorf("%s: looked %t, FlinkDeployments watched %t", step.what, c.looked, stores.watches("FlinkDeployment"))
		}
		if _, known := f.inventory.Member(key); known {
			t.Errorf("%s: the FlinkDeployment is still known", step.what)
		}
		if step.what == "a newer operator" {
			kept := transformTwice[client.Object](t, slimResource, flinkDeployment("team", "demo")).(*keptObject)
			if err := c.watched["FlinkDeployment"].store.Add(kept); err != nil {
				t.Fatal(err)
			}
			f.replaceObject(nil, kept)
		}
	}
}

func TestCustomResourcesHoldTheInventoryUpUntilTheyAreRead(t *testing.T) {
	c := &customResources{watched: map[string]*watchedKind{}}
	if c.hasSynced() {
		t.Error("synced before anybody looked")
	}
	if c.looked = true; !c.hasSynced() {
		t.Error("not synced although there are none")
	}
	read := false
	c.watched["FlinkDeployment"] = &watchedKind{hasSynced: func() bool { return read }}
	if c.hasSynced() {
		t.Error("synced before they were read")
	}
	if read = true; !c.hasSynced() {
		t.Error("not synced although they were read")
	}
}
