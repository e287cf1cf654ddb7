package mutation

import (
	"bytes"
	"encoding/json"
	"fmt"

	kjson "k8s.io/apimachinery/pkg/util/json"
)

const ownerReferencesPointer = "/metadata/ownerReferences"

// PlanOwnerReferences removes the owner references of an HA ConfigMap, so that the garbage collector leaves it alone when the
// owner is deleted (https://kubernetes.io/docs/concepts/architecture/garbage-collection/). object is the JSON of the
// ConfigMap; the references are tested to be the very ones that were seen before they are removed.
func PlanOwnerReferences(object []byte) ([]Edit, error) {
	var owned struct {
		Metadata struct {
			OwnerReferences json.RawMessage `json:"ownerReferences"`
		} `json:"metadata"`
	}
	if err := kjson.Unmarshal(object, &owned); err != nil {
		return nil, fmt.Errorf("reading owner references: %w", err)
	}
	references := bytes.TrimSpace(owned.Metadata.OwnerReferences)
	if len(references) == 0 || bytes.Equal(references, []byte("null")) || bytes.Equal(references, []byte("[]")) {
		return nil, nil
	}
	return []Edit{{
		Operations: []Operation{
			{Op: "test", Path: ownerReferencesPointer, Value: references},
			{Op: "remove", Path: ownerReferencesPointer},
		},
		Reason: "HA state must outlive the deletion of whatever owns it; an owned ConfigMap is garbage-collected with its owner",
	}}, nil
}
