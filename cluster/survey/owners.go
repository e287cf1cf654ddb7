package survey

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Presence is whether an owner is there.
type Presence string

// The presences. The garbage collector deletes what has no owner that is there.
const (
	Present        Presence = "present"
	Absent         Presence = "absent"
	PresenceHidden Presence = "unknown"
)

// Owner is an owner reference.
type Owner struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Name       string    `json:"name"`
	UID        types.UID `json:"uid"`
	// Presence tells whether there is an object of that name and uid.
	Presence Presence `json:"presence"`
}

type ownerKey struct {
	namespace string
	owner     Owner
}

// owners asks for each owner once.
type owners struct {
	client client.Reader
	known  map[ownerKey]Presence
}

// lookUp finds out which owners of a cluster's ConfigMaps are there.
func (o *owners) lookUp(ctx context.Context, cluster *Cluster) error {
	for i := range cluster.ConfigMaps {
		for at, owner := range cluster.ConfigMaps[i].Owners {
			key := ownerKey{cluster.Namespace, owner}
			if _, known := o.known[key]; !known {
				presence, err := o.ask(ctx, cluster.Namespace, owner)
				if err != nil {
					return fmt.Errorf("asking for %s %s, which owns ConfigMap %s: %w", owner.Kind, owner.Name, cluster.ConfigMaps[i].Name, err)
				}
				o.known[key] = presence
			}
			cluster.ConfigMaps[i].Owners[at].Presence = o.known[key]
		}
	}
	return nil
}

func (o *owners) ask(ctx context.Context, namespace string, owner Owner) (Presence, error) {
	object := &metav1.PartialObjectMetadata{}
	object.SetGroupVersionKind(schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind))
	err := o.client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: owner.Name}, object)
	switch {
	case apierrors.IsNotFound(err), err == nil && object.UID != owner.UID:
		return Absent, nil
	case apierrors.IsForbidden(err), meta.IsNoMatchError(err):
		return PresenceHidden, nil
	case err != nil:
		return "", err
	}
	return Present, nil
}
