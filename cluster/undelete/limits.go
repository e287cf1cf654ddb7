package undelete

import (
	"cmp"
	"slices"
	"time"
)

// Limits bound the archive.
type Limits struct {
	// Age is for how long anything is kept.
	Age time.Duration
	// Number of ConfigMaps, and of the Bytes that they take.
	Number, Bytes int
}

// DefaultLimits keep the archive small beside what etcd holds: 1,000 ConfigMaps and 64 MiB.
func DefaultLimits(age time.Duration) Limits { return Limits{Age: age, Number: 1000, Bytes: 64 << 20} }

// evict chooses what is to be removed: what is older than allowed, and while there is too much, what is needed least. Of what is needed
// alike, the namespaces with the most give first, the oldest of theirs: nobody's deletions push out what somebody else has little of.
func (l Limits) evict(entries []Entry, now time.Time) []Entry {
	var evicted, kept []Entry
	size := 0
	for _, entry := range entries {
		if now.Sub(entry.DeletedAt) >= l.Age {
			evicted = append(evicted, entry)
			continue
		}
		kept = append(kept, entry)
		size += entry.Bytes
	}
	kept = leastNeededFirst(kept)
	for len(kept) > l.Number || size > l.Bytes {
		size -= kept[0].Bytes
		evicted, kept = append(evicted, kept[0]), kept[1:]
	}
	return evicted
}

// leastNeededFirst sorts entries by how likely somebody needs them and, among those of a like, by how many younger ones of it their
// namespace has.
func leastNeededFirst(entries []Entry) []Entry {
	type class struct {
		namespace string
		need      int
	}
	type placed struct {
		Entry
		younger int
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return b.DeletedAt.Compare(a.DeletedAt) })
	seen, all := map[class]int{}, make([]placed, len(entries))
	for i, entry := range entries {
		of := class{entry.Namespace, entry.need()}
		all[i] = placed{entry, seen[of]}
		seen[of]++
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.need(), b.need()), cmp.Compare(b.younger, a.younger), a.DeletedAt.Compare(b.DeletedAt))
	})
	for i := range all {
		entries[i] = all[i].Entry
	}
	return entries
}

// need ranks entries by how likely somebody needs them: not what is back, hardly what Flink itself has deleted when a job was over.
func (e *Entry) need() int {
	switch {
	case !e.RestoredAt.IsZero():
		return 0
	case e.Ended():
		return 1
	}
	return 2
}
