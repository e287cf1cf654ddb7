package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// An index is a question that objects are looked up by.
type index uint8

const (
	inNamespace index = iota
	// namingConfigMap finds members by a ConfigMap that their templates name.
	namingConfigMap
	// withStoragePath and withClusterID find what another cluster may collide with.
	withStoragePath
	withClusterID
	// labelledApp and labelledInstance find the processes of one cluster by the labels of their pods.
	labelledApp
	labelledInstance
	// namedAlike and sameCluster find predecessors: by the name without a hash, and by identity and role.
	namedAlike
	sameCluster
)

// entry is a place in an index: what an object is found under.
type entry struct {
	index            index
	namespace, value string
}

// item is what a catalog holds. It does not change while it is in there, so that its entries are always the same.
type item interface {
	comparable
	key() Key
	entries() []entry
}

// catalog holds objects by their keys and, in the order of the keys, under their entries.
type catalog[T item] struct {
	all   map[Key]T
	under map[entry][]T
}

func newCatalog[T item]() catalog[T] {
	return catalog[T]{all: map[Key]T{}, under: map[entry][]T{}}
}

// put adds an object, or replaces the one with its key.
func (c *catalog[T]) put(object T) {
	entries := object.entries()
	if before, ok := c.all[object.key()]; ok {
		for _, e := range before.entries() {
			if !slices.Contains(entries, e) {
				c.strike(before, e)
			}
		}
	}
	c.all[object.key()] = object
	for _, e := range entries {
		list := c.under[e]
		at, found := position(list, object.key())
		if found {
			list[at] = object
			continue
		}
		c.under[e] = slices.Insert(list, at, object)
	}
}

// remove takes the object of a key out.
func (c *catalog[T]) remove(key Key) {
	object, ok := c.all[key]
	if !ok {
		return
	}
	delete(c.all, key)
	for _, e := range object.entries() {
		c.strike(object, e)
	}
}

// strike takes an object from one list.
func (c *catalog[T]) strike(object T, e entry) {
	list := c.under[e]
	at, found := position(list, object.key())
	switch {
	case !found:
	case len(list) == 1:
		delete(c.under, e)
	default:
		c.under[e] = slices.Delete(list, at, at+1)
	}
}

func position[T item](list []T, key Key) (int, bool) {
	return slices.BinarySearchFunc(list, key, func(object T, key Key) int { return compareKeys(object.key(), key) })
}

func compareKeys(a, b Key) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
}

// first returns at most so many of a list, for good, and how many there are.
func (c *catalog[T]) first(e entry, limit int) ([]T, int) {
	list := c.under[e]
	return slices.Clone(list[:min(len(list), max(limit, 0))]), len(list)
}
