package cluster

import (
	"sync"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// listeners hear of every member that has changed in the inventory, or is gone from it, or whose configuration has changed. The
// zero value has none.
type listeners struct {
	mu  sync.RWMutex
	all []func(*inventory.Member)
}

// add lets somebody hear of what changes from now on. A listener must return at once: the informers wait for it.
func (l *listeners) add(listener func(*inventory.Member)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, listener)
}

// any tells whether anybody listens.
func (l *listeners) any() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.all) > 0
}

func (l *listeners) tell(member *inventory.Member) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, listener := range l.all {
		listener(member)
	}
}
