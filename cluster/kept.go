package cluster

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// keptObject is what the stores of the informers hold of a workload or of a custom resource: who it is and, of what has to do
// with Flink, the member of the inventory that it is. The inventory is given that very member, so that it is in memory once,
// and of all others there is not even the empty struct of their kind, which for a Deployment takes 1.7 KB.
//
// A reader that asks the cache for a Deployment gets an error; objectStores is asked instead.
type keptObject struct {
	metav1.ObjectMeta
	// member is nil for what does not run, or describe, Flink. It is never changed.
	member *inventory.Member
}

var _ runtime.Object = (*keptObject)(nil)

// GetObjectKind knows no kind: nobody sends such an object anywhere.
func (*keptObject) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject copies all but the member, which is never changed.
func (k *keptObject) DeepCopyObject() runtime.Object {
	return &keptObject{ObjectMeta: *k.DeepCopy(), member: k.member}
}

// keep makes a kept object of what is, or is not, a member.
func keep(meta *metav1.ObjectMeta, member *inventory.Member, ok bool) *keptObject {
	if !ok {
		return &keptObject{ObjectMeta: key(meta)}
	}
	return &keptObject{ObjectMeta: identity(meta), member: member}
}
