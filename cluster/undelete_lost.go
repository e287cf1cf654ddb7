package cluster

import (
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// maxLost bounds how many deleted ConfigMaps wait to be kept. A namespace with more of them is rare, and each may be large.
const maxLost = 2000

// lostStates are the HA ConfigMaps that the watch has seen going, until they are dealt with.
type lostStates struct {
	mu  sync.Mutex
	all map[types.UID]*lostState
}

// lostState is one of them.
type lostState struct {
	// configMap as it was last; nil once the archive has it.
	configMap *corev1.ConfigMap
	at        time.Time
}

// add takes one up, unless there are too many.
func (l *lostStates) add(configMap *corev1.ConfigMap, at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[types.UID]*lostState{}
	}
	if len(l.all) >= maxLost {
		return false
	}
	l.all[configMap.UID] = &lostState{configMap, at}
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
	if lost, ok := l.all[uid]; ok {
		lost.configMap = nil
	}
}

func (l *lostStates) done(uid types.UID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, uid)
}
