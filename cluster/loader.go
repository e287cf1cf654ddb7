package cluster

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// Loader brings objects into an inventory just as the informers do, for who reads a cluster once. It is not safe for concurrent use.
type Loader struct{ feed *feed }

// NewLoader makes a loader with an empty inventory.
func NewLoader() *Loader { return &Loader{newFeed(nil)} }

// Inventory is what was loaded.
func (l *Loader) Inventory() *inventory.Inventory { return l.feed.inventory }

// Load takes a ConfigMap, a workload or a custom resource in full, and returns the key of the member that it became: false if it is
// none. Nothing of the object that the inventory has no use for is kept.
func (l *Loader) Load(object client.Object) (inventory.Key, bool, error) {
	transform := slimWorkload
	switch object.(type) {
	case *corev1.ConfigMap:
		transform = slimConfigMap
	case *unstructured.Unstructured:
		transform = slimResource
	}
	slim, err := transform(object)
	if err != nil {
		return inventory.Key{}, false, fmt.Errorf("reading %s/%s: %w", object.GetNamespace(), object.GetName(), err)
	}
	switch slim := slim.(type) {
	case *corev1.ConfigMap:
		l.feed.replaceConfigMap(nil, slim)
	case *keptState:
		l.feed.replaceHAState(nil, slim)
	case *keptObject:
		l.feed.replaceObject(nil, slim)
		if slim.member != nil {
			return slim.member.Key, true, nil
		}
	}
	return inventory.Key{}, false, nil
}
