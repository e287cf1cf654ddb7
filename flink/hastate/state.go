package hastate

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// State is what one HA ConfigMap says.
type State struct {
	Name

	Namespace, ConfigMap string
	UID                  types.UID
	// Lock is the zero value where there is none.
	Lock Lock
	// Leaders are the components that lead, sorted by their names.
	Leaders []Leader
	// Graphs are the jobs, and applications, that a new leader brings back, sorted by their keys.
	Graphs []Graph
	// Checkpoints of the job, the oldest first.
	Checkpoints []Checkpoint
	// Counter is the id of the job's next checkpoint, -1 where it is not there.
	Counter int64
}

// Leader is where a component is reached.
type Leader struct{ Component, Session, Address string }

// Graph is a pointer to a job graph, execution plan or application.
type Graph struct {
	// Key is the data key, Job the id in it.
	Key, Job string
	// File is the URI that the pointer names; "" where it cannot be read, or holds the data itself.
	File string
	// Removed tells that Flink has begun to remove it, so that no leader brings it back.
	Removed bool
}

// Checkpoint is a pointer to a completed checkpoint.
type Checkpoint struct {
	Key string
	ID  int64
	// File is the URI that the pointer names; "" where it cannot be read, or holds the data itself.
	File string
	// Removed tells that Flink has begun to remove it, so that no job is restored from it.
	Removed bool
}

// Application tells whether it is a pointer to an application, whose key has the id of no job.
func (g Graph) Application() bool { return strings.HasPrefix(g.Key, prefixApplication) }

// Remaining is a state without the pointers that Flink has begun to remove.
func (s *State) Remaining() State {
	remaining := *s
	remaining.Graphs = slices.DeleteFunc(slices.Clone(s.Graphs), func(graph Graph) bool { return graph.Removed })
	remaining.Checkpoints = slices.DeleteFunc(slices.Clone(s.Checkpoints), func(checkpoint Checkpoint) bool { return checkpoint.Removed })
	return remaining
}

// HasPointers tells whether it points to jobs or checkpoints.
func (s *State) HasPointers() bool { return len(s.Graphs)+len(s.Checkpoints) > 0 }

// Read reads an HA ConfigMap; false if it is none.
func Read(configMap *corev1.ConfigMap) (State, bool) {
	name, ok := Recognize(configMap)
	if !ok {
		return State{}, false
	}
	state := State{Name: name, Namespace: configMap.Namespace, ConfigMap: configMap.Name, UID: configMap.UID, Counter: -1}
	state.Lock, _ = LockOf(configMap.Annotations)
	state.readData(configMap.Data)
	return state, true
}
