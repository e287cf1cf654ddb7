package cluster

import "sync"

// listeners are functions that hear of what changes. The zero value has none.
type listeners[function any] struct {
	mu  sync.RWMutex
	all []function
}

// add lets somebody hear of what changes from now on. A listener must return at once: the informers wait for it.
func (l *listeners[function]) add(listener function) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, listener)
}

// any tells whether anybody listens.
func (l *listeners[function]) any() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.all) > 0
}

// each calls call with every listener.
func (l *listeners[function]) each(call func(function)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, listener := range l.all {
		call(listener)
	}
}
