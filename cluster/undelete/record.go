package undelete

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Entry is what the archive says of an HA ConfigMap that was deleted, without its content.
type Entry struct {
	// Secret is the name of the Secret that keeps it. It follows from the uid of the ConfigMap.
	Secret string
	// Namespace and ConfigMap are where it was, Cluster is the kubernetes.cluster-id in its name.
	Namespace, ConfigMap, Cluster string
	UID                           types.UID
	// DeletedAt is when the deletion was seen.
	DeletedAt time.Time
	// Deletion is what a review told of it; the zero value if none did.
	Deletion Deletion
	// RestoredAt is when it was brought back; the zero time if it was not.
	RestoredAt time.Time
	// Bytes that its content takes in the archive.
	Bytes int
	// Pointers tells whether it points to a job or checkpoint that Flink had not begun to remove.
	Pointers bool
}

// Ended tells whether Flink itself deleted a ConfigMap in its ordinary course, when a job had ended: it removes the pointers first. An
// account that deletes pointers may be Flink's by all that is known of it, and is somebody else's who shares it.
func (e *Entry) Ended() bool { return e.Deletion.Deleter == validation.DeleterFlink && !e.Pointers }

// Deletion is what the review of a deletion tells.
type Deletion struct {
	// User who deletes, and in what capacity.
	User    string
	Deleter validation.Deleter
	// Live tells whether the cluster was in use.
	Live bool
	// At is when the review was answered.
	At time.Time
}

// Known tells whether a review told anything.
func (d Deletion) Known() bool { return d.Deleter != "" }

// Record is an entry with its content.
type Record struct {
	Entry
	// Content is the ConfigMap as it was last, without managed fields.
	Content *corev1.ConfigMap
}
