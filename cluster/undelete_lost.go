package cluster

import (
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// maxLost bounds how many deleted ConfigMaps wait to be dealt with. A namespace with more of them is rare.
	maxLost = 2000
	// maxLostBytes bounds what those hold that the archive does not have yet. Few have more than some kilobytes, and any may have a
	// megabyte.
	maxLostBytes = 64 << 20
)

// lostStates are the HA ConfigMaps that the watch has seen going, until they are dealt with.
type lostStates struct {
	mu    sync.Mutex
	all   map[types.UID]*lostState
	bytes int
}

// lostState is one of them.
type lostState struct {
	// configMap as it was last; nil once the archive has it.
	configMap *corev1.ConfigMap
	at        time.Time
}

// add takes one up, unless there are too many, or they are too large.
func (l *lostStates) add(configMap *corev1.ConfigMap, at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[types.UID]*lostState{}
	}
	size := configMap.Size()
	if len(l.all) >= maxLost || l.bytes+size > maxLostBytes {
		return false
	}
	l.forget(configMap.UID)
	l.all[configMap.UID] = &lostState{configMap, at}
	l.bytes += size
	return true
}

func (l *lostStates) get(uid types.UID) (lostState, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lost, ok := l.all[uid]
	if !ok {
		return lostState{}, false
	}
	return *lost, true
}

// kept forgets the content of one that the archive has.
func (l *lostStates) kept(uid types.UID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(uid)
}

// forget drops the content of one. The lock is held.
func (l *lostStates) forget(uid types.UID) {
	if lost, ok := l.all[uid]; ok && lost.configMap != nil {
		l.bytes -= lost.configMap.Size()
		lost.configMap = nil
	}
}

func (l *lostStates) done(uid types.UID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(uid)
	delete(l.all, uid)
}
