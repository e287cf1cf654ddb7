package cluster

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// ownedStates are the HA ConfigMaps that have owner references, as the informer sees them. Leaders renew all HA ConfigMaps every few
// seconds and nearly none is owned, so that what is done for each renewal is to look whether there are owners.
type ownedStates struct {
	mu  sync.Mutex
	all map[types.NamespacedName]ownedState
	// freed is when ConfigMaps were freed lately.
	freed map[types.NamespacedName]time.Time
}

// maxFreed bounds how many freed ConfigMaps are remembered. Only the pace depends on them.
const maxFreed = 4096

type ownedState struct {
	*inventory.HAState
	// notBefore is when it may be tried again to free it; the zero time for at once.
	notBefore time.Time
}

func newOwnedStates() *ownedStates {
	return &ownedStates{all: map[types.NamespacedName]ownedState{}, freed: map[types.NamespacedName]time.Time{}}
}

func nameOf(state *inventory.HAState) types.NamespacedName {
	return types.NamespacedName{Namespace: state.Namespace, Name: state.Name}
}

// replace takes an HA ConfigMap as it is now; either side is nil where there is none.
func (o *ownedStates) replace(before, after *inventory.HAState) {
	switch {
	case after != nil && len(after.Owners) > 0:
		o.mu.Lock()
		defer o.mu.Unlock()
		owned := ownedState{HAState: after}
		if former, known := o.all[nameOf(after)]; known && former.UID == after.UID {
			owned.notBefore = former.notBefore
		}
		o.all[nameOf(after)] = owned
	case before != nil && len(before.Owners) > 0:
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.all, nameOf(before))
	}
}

func (o *ownedStates) find(name types.NamespacedName) (ownedState, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	state, owned := o.all[name]
	return state, owned
}

// noteFreed forgets what has no owner references any more, before the watch shows it.
func (o *ownedStates) noteFreed(state *inventory.HAState, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if known := o.all[nameOf(state)]; known.HAState == state {
		delete(o.all, nameOf(state))
	}
	if len(o.freed) >= maxFreed {
		clear(o.freed)
	}
	o.freed[nameOf(state)] = now
}

// freedAt is when a ConfigMap was last freed; the zero time for never, or long ago.
func (o *ownedStates) freedAt(name types.NamespacedName) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.freed[name]
}

// postpone lets nobody try to free a ConfigMap before a time.
func (o *ownedStates) postpone(name types.NamespacedName, until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if state, owned := o.all[name]; owned {
		state.notBefore = until
		o.all[name] = state
	}
}

func (o *ownedStates) list() []*inventory.HAState {
	o.mu.Lock()
	defer o.mu.Unlock()
	states := make([]*inventory.HAState, 0, len(o.all))
	for _, state := range o.all {
		states = append(states, state.HAState)
	}
	return states
}

func (o *ownedStates) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.all)
}
