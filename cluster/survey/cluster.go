package survey

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// Use is whether anybody uses HA state.
type Use string

// The uses.
const (
	// Live: a JobManager's workload, or a custom resource, of the cluster is there, whether it runs just now or not.
	Live Use = "live"
	// Led: a leader renews its lock, and nothing was seen that it belongs to.
	Led Use = "led"
	// Orphaned: nobody leads, and nothing that would is there.
	Orphaned Use = "orphaned"
	// Unknown: what was seen does not tell.
	Unknown Use = "unknown"
)

// Cluster is a Flink cluster with HA state.
type Cluster struct {
	Namespace string `json:"namespace"`
	// ID is its kubernetes.cluster-id.
	ID  string `json:"clusterId"`
	Use Use    `json:"use"`
	// Reason says why, in a few words.
	Reason string `json:"reason"`
	// User is the workload or custom resource that the cluster is; nil unless it is live.
	User *Object `json:"user,omitempty"`
	// LastUsed is the latest renewal of the leader's lock, or write to one of the ConfigMaps.
	LastUsed time.Time `json:"lastUsed"`
	// Leader is nil where no lock is.
	Leader *Leader `json:"leader,omitempty"`
	Jobs   []Job   `json:"jobs"`
	// Applications of Flink 2.3 and later, by their ids.
	Applications []string `json:"applications,omitempty"`
	// StoragePaths are where the data is that the ConfigMaps point to: by the configuration of the user, and by the pointers. Users
	// and passwords in them are left out.
	StoragePaths []string    `json:"storagePaths"`
	ConfigMaps   []ConfigMap `json:"configMaps"`
}

// Object names a workload or a custom resource.
type Object struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// Leader is who held the lock last.
type Leader struct {
	// Holder is "" where the last leader gave the lock back.
	Holder string `json:"holder,omitempty"`
	// Address of its REST server, or of its dispatcher.
	Address string    `json:"address,omitempty"`
	Renewed time.Time `json:"renewed"`
	// Held is false once the lock has lapsed.
	Held bool `json:"held"`
}

// Job is a job that the HA state points to.
type Job struct {
	ID string `json:"id"`
	// Graph tells whether its job graph, or execution plan, is there, so that a new leader brings the job back.
	Graph bool `json:"graph"`
	// Checkpoint is the last completed one, nil if there is none.
	Checkpoint *Checkpoint `json:"checkpoint,omitempty"`
}

// Checkpoint is a completed checkpoint.
type Checkpoint struct {
	ID int64 `json:"id"`
	// File that the pointer names; "" where it cannot be read, or holds the data itself.
	File string `json:"file,omitempty"`
}

// ConfigMap is an HA ConfigMap.
type ConfigMap struct {
	Name            string       `json:"name"`
	UID             types.UID    `json:"uid"`
	ResourceVersion string       `json:"resourceVersion"`
	Kind            hastate.Kind `json:"kind"`
	// Job of kind job and job-leader.
	Job string `json:"job,omitempty"`
	// Written is the last write, as far as its metadata tells.
	Written time.Time `json:"written"`
	// Deleting is true for one that waits for its finalizers.
	Deleting bool `json:"deleting,omitempty"`
	// Owners are its owner references; with the last owner goes the ConfigMap.
	Owners []Owner `json:"ownerReferences,omitempty"`
	// Tracking are the labels and annotations by which a GitOps tool takes it for its own.
	Tracking []string `json:"tracking,omitempty"`
}

func configMapOf(read *corev1.ConfigMap, name hastate.Name) ConfigMap {
	found := ConfigMap{
		Name: read.Name, UID: read.UID, ResourceVersion: read.ResourceVersion, Kind: name.Kind, Job: name.Job,
		Written: read.CreationTimestamp.Time, Deleting: read.DeletionTimestamp != nil,
	}
	for _, managed := range read.ManagedFields {
		if managed.Time != nil && managed.Time.After(found.Written) {
			found.Written = managed.Time.Time
		}
	}
	for _, reference := range read.OwnerReferences {
		found.Owners = append(found.Owners, Owner{APIVersion: reference.APIVersion, Kind: reference.Kind, Name: reference.Name, UID: reference.UID})
	}
	for _, marks := range []map[string]string{read.Labels, read.Annotations} {
		for _, key := range slices.Sorted(maps.Keys(marks)) {
			if hastate.IsTracking(key, marks[key]) {
				found.Tracking = append(found.Tracking, key+"="+marks[key])
			}
		}
	}
	return found
}

// heldCluster is a cluster's HA ConfigMaps as they were read.
type heldCluster struct {
	namespace, id string
	states        []heldState
}

// describe tells what the ConfigMaps themselves say.
func (h heldCluster) describe(now time.Time) Cluster {
	found := Cluster{Namespace: h.namespace, ID: h.id, Leader: h.leader(now), Jobs: h.jobs(), StoragePaths: []string{}}
	paths := map[string]bool{}
	for _, held := range h.states {
		found.ConfigMaps = append(found.ConfigMaps, held.configMap)
		if held.configMap.Written.After(found.LastUsed) {
			found.LastUsed = held.configMap.Written
		}
		for _, graph := range held.state.Graphs {
			if graph.Application() && !graph.Removed {
				found.Applications = append(found.Applications, graph.Job)
			}
			paths[directoryOf(flink.RedactURI(graph.File))] = true
		}
		for _, checkpoint := range held.state.Checkpoints {
			paths[directoryOf(flink.RedactURI(checkpoint.File))] = true
		}
	}
	if found.Leader != nil && found.Leader.Renewed.After(found.LastUsed) {
		found.LastUsed = found.Leader.Renewed
	}
	delete(paths, "")
	found.StoragePaths = slices.AppendSeq(found.StoragePaths, maps.Keys(paths))
	slices.Sort(found.StoragePaths)
	return found
}

// directoryOf is where the file of a pointer is; "" if that is not known.
func directoryOf(file string) string {
	scheme, rest, ok := strings.Cut(file, ":")
	if !ok {
		return ""
	}
	authority, hasAuthority := "", strings.HasPrefix(rest, "//")
	if hasAuthority {
		authority, rest, _ = strings.Cut(rest[2:], "/")
		authority = "//" + authority
		rest = "/" + rest
	}
	return scheme + ":" + authority + path.Dir(rest)
}

// leader is who renewed a lock last: up to Flink 1.14 each component has one of its own.
func (h heldCluster) leader(now time.Time) *Leader {
	var last *Leader
	held, addresses := false, map[string]string{}
	for _, state := range h.states {
		for _, leader := range state.state.Leaders {
			addresses[leader.Component] = leader.Address
		}
		lock := state.state.Lock
		if lock.Renewed.IsZero() {
			continue
		}
		held = held || lock.HeldAt(now)
		if last == nil || lock.Renewed.After(last.Renewed) {
			last = &Leader{Holder: lock.Holder, Renewed: lock.Renewed}
		}
	}
	if last != nil {
		last.Held, last.Address = held, cmp.Or(addresses["restserver"], addresses["dispatcher"])
	}
	return last
}

// jobs are those with a graph and those with checkpoints.
func (h heldCluster) jobs() []Job {
	found := map[string]*Job{}
	at := func(id string) *Job {
		if found[id] == nil {
			found[id] = &Job{ID: id}
		}
		return found[id]
	}
	for _, held := range h.states {
		state := held.state.Remaining()
		for _, graph := range state.Graphs {
			if !graph.Application() {
				at(graph.Job).Graph = true
			}
		}
		if state.Job == "" {
			continue
		}
		job := at(state.Job)
		if last := len(state.Checkpoints) - 1; last >= 0 {
			job.Checkpoint = &Checkpoint{state.Checkpoints[last].ID, flink.RedactURI(state.Checkpoints[last].File)}
		}
	}
	jobs := make([]Job, 0, len(found))
	for _, id := range slices.Sorted(maps.Keys(found)) {
		jobs = append(jobs, *found[id])
	}
	return jobs
}
