package inventory

import (
	"cmp"
	"maps"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// HAState is what is known of one HA ConfigMap. It is never changed once it is in an inventory.
type HAState struct {
	Namespace, Name string
	UID             types.UID
	ResourceVersion string
	// State is what the name says.
	State hastate.Name
	// Owners are its owner references, with which the garbage collector deletes it.
	Owners []metav1.OwnerReference
	// OwnersManager is the field manager that set them, "" where that is not known.
	OwnersManager string
	// LedUntil is when the lock on it lapses, unless it is renewed; the zero time for none.
	LedUntil time.Time
	// Deleting is true for one that waits for its finalizers.
	Deleting bool
	// Pointers tells whether it points to jobs or checkpoints.
	Pointers bool
	// Annotations of the guard's domain.
	Annotations map[string]string
}

// haStates are the HA ConfigMaps by their names, and by their clusters.
type haStates struct {
	all     map[configMapName]*HAState
	cluster map[clusterName]map[string]*HAState
}

func newHAStates() haStates {
	return haStates{all: map[configMapName]*HAState{}, cluster: map[clusterName]map[string]*HAState{}}
}

func (s *haStates) put(state *HAState) {
	key := configMapName{state.Namespace, state.Name}
	if before := s.all[key]; before != nil && before.State.Cluster != state.State.Cluster {
		s.remove(key)
	}
	s.all[key] = state
	cluster := clusterName{state.Namespace, state.State.Cluster}
	if s.cluster[cluster] == nil {
		s.cluster[cluster] = make(map[string]*HAState, 2)
	}
	s.cluster[cluster][state.Name] = state
}

func (s *haStates) remove(key configMapName) {
	before := s.all[key]
	if before == nil {
		return
	}
	delete(s.all, key)
	cluster := clusterName{before.Namespace, before.State.Cluster}
	if delete(s.cluster[cluster], before.Name); len(s.cluster[cluster]) == 0 {
		delete(s.cluster, cluster)
	}
}

// SetHAState takes an HA ConfigMap as it is now.
func (i *Inventory) SetHAState(state *HAState) {
	i.asking.Lock()
	defer i.asking.Unlock()
	i.states.put(state)
}

// DeleteHAState notes that an HA ConfigMap is gone.
func (i *Inventory) DeleteHAState(namespace, name string) {
	i.asking.Lock()
	defer i.asking.Unlock()
	i.states.remove(configMapName{namespace, name})
}

// HAState tells how many HA ConfigMaps of a cluster there are.
func (i *Inventory) HAState(namespace, clusterID string) int {
	i.asking.RLock()
	defer i.asking.RUnlock()
	return len(i.states.cluster[clusterName{namespace, clusterID}])
}

// HAStates are the HA ConfigMaps of a cluster, by name.
func (i *Inventory) HAStates(namespace, clusterID string) []*HAState {
	i.asking.RLock()
	defer i.asking.RUnlock()
	return sortedByName(maps.Values(i.states.cluster[clusterName{namespace, clusterID}]))
}

// HAStateOf is the HA ConfigMap of a name.
func (i *Inventory) HAStateOf(namespace, name string) (*HAState, bool) {
	i.asking.RLock()
	defer i.asking.RUnlock()
	state, ok := i.states.all[configMapName{namespace, name}]
	return state, ok
}

// HAStatesIn are the HA ConfigMaps of a namespace, by name.
func (i *Inventory) HAStatesIn(namespace string) []*HAState {
	i.asking.RLock()
	defer i.asking.RUnlock()
	var found []*HAState
	for key, state := range i.states.all {
		if key.namespace == namespace {
			found = append(found, state)
		}
	}
	return sortedByName(slices.Values(found))
}

func sortedByName(states func(func(*HAState) bool)) []*HAState {
	return slices.SortedFunc(states, func(a, b *HAState) int { return cmp.Compare(a.Name, b.Name) })
}
