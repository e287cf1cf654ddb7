package cluster

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

const (
	// maxDeletionNotes bounds how many deletions are remembered that have not been carried out yet.
	maxDeletionNotes = 4096
	// deletionNoteLasts is for how long: what is still there by then was refused by somebody else, or waits for its finalizers.
	deletionNoteLasts = time.Minute
)

// Deletions are what this process remembers of deletions of HA ConfigMaps, whichever manager it runs: who asks for them, as the
// admission server of this replica was told, and how far the changes of ConfigMaps were seen. nil takes no notes.
type Deletions struct {
	mu    sync.Mutex
	notes map[types.UID]undelete.Deletion
	now   func() time.Time
	seen  versions
}

// NewDeletions returns an empty memory.
func NewDeletions() *Deletions {
	return &Deletions{notes: map[types.UID]undelete.Deletion{}, now: time.Now}
}

// Note takes note of a decision about a deletion that may be carried out: no dry run. It returns at once.
func (d *Deletions) Note(decided *admission.HAState) {
	if d == nil || decided == nil || decided.Deleter == "" || decided.UID == "" || decided.Held {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.notes) >= maxDeletionNotes {
		d.dropOld()
	}
	if len(d.notes) >= maxDeletionNotes {
		return
	}
	d.notes[decided.UID] = undelete.Deletion{
		User: flink.Clip(decided.Writer.Username, maxTextTold), Deleter: decided.Deleter, Live: decided.Live, At: d.now(),
	}
}

// dropOld forgets what came to nothing. The lock is held.
func (d *Deletions) dropOld() {
	for uid, note := range d.notes {
		if d.now().Sub(note.At) > deletionNoteLasts {
			delete(d.notes, uid)
		}
	}
}

// of returns who asked lately for the deletion of a ConfigMap.
func (d *Deletions) of(uid types.UID) (undelete.Deletion, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	note, ok := d.notes[uid]
	if ok && d.now().Sub(note.At) > deletionNoteLasts {
		delete(d.notes, uid)
		return undelete.Deletion{}, false
	}
	return note, ok
}

func (d *Deletions) done(uid types.UID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.notes, uid)
}
