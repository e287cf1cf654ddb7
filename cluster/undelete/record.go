package undelete

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Record is an HA ConfigMap that was deleted.
type Record struct {
	// Name of the Secret that keeps it; it follows from the uid of the ConfigMap.
	Name string
	// ConfigMap as it was last, without managed fields.
	ConfigMap *corev1.ConfigMap
	// DeletedAt is when the deletion was seen.
	DeletedAt time.Time
	// DeletedBy is the user who deleted it, as far as a review told; "" if none did. Deleter is in what capacity.
	DeletedBy string
	Deleter   validation.Deleter
	// Live tells whether the cluster was in use then, as far as a review told.
	Live bool
	// RestoredAt is when it was brought back; the zero time if it was not.
	RestoredAt time.Time
}
