package inventory

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Key names an object that runs Flink, or that describes what does.
type Key struct{ Kind, Namespace, Name string }

// Owner is the owner reference of an object that counts: the controller, or the first one.
type Owner struct {
	Kind, Name string
	UID        types.UID
	// APIVersion of the owner.
	APIVersion string
}

// Member is a workload that runs a Flink process, or a custom resource that describes a Flink cluster. It is never changed
// once it is in an inventory.
type Member struct {
	Key
	UID     types.UID
	Created time.Time
	// Deleting is true for what waits for its finalizers, or for what it owns.
	Deleting bool
	// Owner is the zero value for what nothing owns.
	Owner Owner
	// Labels of the object, and the annotations of the guard's domain.
	Labels, Annotations map[string]string
	// Role is "" for a custom resource, and for something of Flink's in which neither JobManager nor TaskManager is seen: a client,
	// the SQL gateway, the history server, or an image that starts by itself. Such a workload is kept for the ConfigMaps that it
	// mounts; Client is true if it is known to be a client, the SQL gateway or the history server.
	Role   workload.Role
	Client bool
	// Template is the slim pod template of a workload, Process what it runs (if Role is not "").
	Template *corev1.PodTemplateSpec
	Process  workload.Process
	// Replicas of a workload, or the parallelism of a Job.
	Replicas int32
	// Job is what a Job adds, nil for other kinds.
	Job *Job
	// Resource is what a custom resource describes, nil for workloads. Content is the object itself without its status.
	Resource *workload.Resource
	Content  map[string]any
	// ConfigMaps that the template names in volumes and environment, sorted.
	ConfigMaps []string
	// Identity as far as it is known, and Changed, when what is kept last changed, as far as was seen. The inventory sets them.
	Identity Identity
	Changed  time.Time
}

// Job is what decides how long a Job tries.
type Job struct {
	BackoffLimit          *int32
	ActiveDeadlineSeconds *int64
}

// Identity is what another cluster may collide with, as one cluster's configuration has it. "" is unknown or not set.
type Identity struct {
	Mode flink.Mode
	// Namespace is kubernetes.namespace, in which the HA ConfigMaps are, and ClusterID kubernetes.cluster-id, with which their
	// names begin.
	Namespace, ClusterID string
	// StoragePath is the HA storage directory with the HA cluster-id below it.
	StoragePath string
}
