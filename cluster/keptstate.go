package cluster

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// keptState is what the informer's store holds of an HA ConfigMap: who it is, and what the inventory knows of it. As with
// keptObject, a reader that asks the cache for it gets an error, and the inventory is asked instead.
type keptState struct {
	metav1.ObjectMeta
	state *inventory.HAState
}

var _ runtime.Object = (*keptState)(nil)

// GetObjectKind knows no kind: nobody sends such an object anywhere.
func (*keptState) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject copies all but the state, which is never changed.
func (k *keptState) DeepCopyObject() runtime.Object {
	return &keptState{ObjectMeta: *k.DeepCopy(), state: k.state}
}

// keepState makes a kept state of an HA ConfigMap.
func keepState(full *corev1.ConfigMap, name hastate.Name) *keptState {
	lock, _ := hastate.LockOf(full.Annotations)
	manager := ""
	if len(full.OwnerReferences) > 0 {
		manager = ownersManager(&full.ObjectMeta)
	}
	return &keptState{ObjectMeta: identity(&full.ObjectMeta), state: &inventory.HAState{
		Namespace:       full.Namespace,
		Name:            full.Name,
		UID:             full.UID,
		ResourceVersion: full.ResourceVersion,
		State:           name,
		Owners:          slices.Clone(full.OwnerReferences),
		OwnersManager:   manager,
		LedUntil:        lock.Until(),
		Deleting:        full.DeletionTimestamp != nil,
		Pointers:        hastate.HasPointers(full.Data),
		Annotations:     inventory.GuardAnnotations(full.Annotations),
	}}
}
