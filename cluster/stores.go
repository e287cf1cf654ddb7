package cluster

import (
	"sync"

	toolscache "k8s.io/client-go/tools/cache"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// objectStores are the stores of the informers for workloads and custom resources, by kind. They are a moment ahead of the
// inventory, and know also what is not in it.
type objectStores struct {
	mu     sync.RWMutex
	byKind map[string]toolscache.Indexer
}

func newObjectStores() *objectStores {
	return &objectStores{byKind: map[string]toolscache.Indexer{}}
}

func (s *objectStores) add(kind string, store toolscache.Indexer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byKind[kind] = store
}

func (s *objectStores) remove(kind string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byKind, kind)
}

func (s *objectStores) of(kind string) (toolscache.Indexer, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	store, ok := s.byKind[kind]
	return store, ok
}

// watches tells whether a kind is watched.
func (s *objectStores) watches(kind string) bool {
	_, watched := s.of(kind)
	return watched
}

// find returns what is kept of an object, nil if it is not there.
func (s *objectStores) find(key inventory.Key) *keptObject {
	store, watched := s.of(key.Kind)
	if !watched {
		return nil
	}
	object, _, err := store.GetByKey(key.Namespace + "/" + key.Name)
	if err != nil {
		return nil
	}
	kept, _ := object.(*keptObject)
	return kept
}

// members calls for each member that a store holds.
func (s *objectStores) members(each func(*inventory.Member)) {
	s.mu.RLock()
	stores := make([]toolscache.Indexer, 0, len(s.byKind))
	for _, store := range s.byKind {
		stores = append(stores, store)
	}
	s.mu.RUnlock()
	for _, store := range stores {
		for _, object := range store.List() {
			if kept, ok := object.(*keptObject); ok && kept.member != nil {
				each(kept.member)
			}
		}
	}
}
