package cluster

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ownersManager is the field manager that set the owner references of an object, the latest if there are several; "" where managed
// fields do not tell.
func ownersManager(meta *metav1.ObjectMeta) string {
	var latest metav1.ManagedFieldsEntry
	for i := range meta.ManagedFields {
		entry := &meta.ManagedFields[i]
		if managesOwners(entry) && (latest.Time == nil || latest.Time.Before(entry.Time)) {
			latest = *entry
		}
	}
	return latest.Manager
}

func managesOwners(entry *metav1.ManagedFieldsEntry) bool {
	var fields struct {
		Metadata struct {
			Owners json.RawMessage `json:"f:ownerReferences"`
		} `json:"f:metadata"`
	}
	return entry.FieldsV1 != nil && json.Unmarshal(entry.FieldsV1.GetRawBytes(), &fields) == nil && fields.Metadata.Owners != nil
}
