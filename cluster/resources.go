package cluster

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// resourceKind is a kind of custom resource of the Flink Kubernetes Operator.
type resourceKind struct{ name, resource string }

// resourceKinds are the kinds that are watched where the cluster has them.
func resourceKinds() []resourceKind {
	return []resourceKind{
		{string(workload.KindDeployment), "flinkdeployments"},
		{string(workload.KindSessionJob), "flinksessionjobs"},
		{string(workload.KindBlueGreenDeployment), "flinkbluegreendeployments"},
	}
}

// object is an empty object of the kind.
func (k resourceKind) object() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(schema.GroupVersionKind{Group: workload.ResourceGroup, Version: workload.ResourceVersion, Kind: k.name})
	return object
}

// slimResource keeps of a custom resource what it describes. The manager's cache has it as its default, since it takes a
// transform for a kind only where the cluster has the kind; all other kinds have one of their own.
func slimResource(object any) (any, error) {
	full, ok := object.(*unstructured.Unstructured)
	if !ok {
		return object, nil
	}
	meta := metav1.ObjectMeta{
		Name: full.GetName(), Namespace: full.GetNamespace(), UID: full.GetUID(),
		ResourceVersion: full.GetResourceVersion(), DeletionTimestamp: full.GetDeletionTimestamp(),
	}
	member, ok := inventory.ResourceMember(full.Object)
	if ok {
		// The inventory reads it again, over the operator's defaults.
		member.Resource.Configuration = flink.Configuration{}
	}
	return keep(&meta, member, ok), nil
}

// ownedByResource tells whether a custom resource of the operator owns a member.
func ownedByResource(member *inventory.Member) bool {
	return strings.HasPrefix(member.Owner.APIVersion, workload.ResourceGroup+"/")
}
