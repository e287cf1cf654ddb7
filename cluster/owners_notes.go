package cluster

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

const (
	// maxOwnerNotes bounds how many writers, and how many refused deletions, are remembered.
	maxOwnerNotes = 4096
	// additionsLast is for how long it is remembered who adds owner references: as long as it is told, and a while more.
	additionsLast = 2 * time.Hour
	// refusalsLast is for how long a refused deletion is urgent. The garbage collector tries again after seconds.
	refusalsLast = 2 * time.Minute
	// maxOwnersTold bounds how many owners of a ConfigMap are told of, maxGroupsTold how many groups of a user, and maxTextTold the length
	// of what a writer chose.
	maxOwnersTold = 4
	maxGroupsTold = 3
	maxTextTold   = 253
)

// OwnerNotes are what the admission server of this replica has seen of owner references of HA ConfigMaps: who adds them, and which
// ConfigMaps the garbage collector was kept from deleting. Admission writes nothing itself: controllers tell of the first, and free the
// second. nil takes no notes.
type OwnerNotes struct {
	mu        sync.Mutex
	additions map[ownerWriter]ownerAddition
	refusals  map[types.NamespacedName]time.Time
	now       func() time.Time
	// onAddition and onRefusal hear of each note.
	onAddition atomic.Pointer[func(writer ownerWriter, manager string)]
	onRefusal  atomic.Pointer[func(types.NamespacedName)]
}

// ownerWriter is a user who adds owner references to an HA ConfigMap.
type ownerWriter struct {
	types.NamespacedName
	username string
}

// ownerAddition is what such a user did last, and how often since when.
type ownerAddition struct {
	manager string
	groups  []string
	owners  []metav1.OwnerReference
	outcome admission.OwnersOutcome
	times   int
	since   time.Time
	last    time.Time
}

// NewOwnerNotes returns an empty list.
func NewOwnerNotes() *OwnerNotes {
	return &OwnerNotes{additions: map[ownerWriter]ownerAddition{}, refusals: map[types.NamespacedName]time.Time{}, now: time.Now}
}

// Note takes note of a decision about an HA ConfigMap that may be carried out: no dry run. It returns at once.
func (n *OwnerNotes) Note(decided *admission.HAState) {
	if n == nil || decided == nil || decided.Name == "" {
		return
	}
	name := types.NamespacedName{Namespace: decided.Namespace, Name: decided.Name}
	switch {
	case decided.Held && decided.Deleter == validation.DeleterGarbageCollector:
		n.noteRefusal(name)
		if listener := n.onRefusal.Load(); listener != nil {
			(*listener)(name)
		}
	case decided.Outcome != "" && len(decided.Owners) > 0:
		writer := ownerWriter{name, flink.Clip(decided.Writer.Username, maxTextTold)}
		manager := flink.Clip(decided.Writer.Manager, maxTextTold)
		n.noteAddition(writer, manager, decided)
		if listener := n.onAddition.Load(); listener != nil {
			(*listener)(writer, manager)
		}
	}
}

func (n *OwnerNotes) noteAddition(writer ownerWriter, manager string, decided *admission.HAState) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.now()
	addition, known := n.additions[writer]
	if !known && len(n.additions) >= maxOwnerNotes {
		for writer, addition := range n.additions {
			if now.Sub(addition.last) > additionsLast {
				delete(n.additions, writer)
			}
		}
		if len(n.additions) >= maxOwnerNotes {
			return
		}
	}
	if !known || now.Sub(addition.last) > additionsLast {
		addition = ownerAddition{since: now}
	}
	addition.manager, addition.groups = manager, boundedGroups(decided.Writer.Groups)
	addition.owners, addition.outcome = boundedOwners(decided.Owners), decided.Outcome
	addition.times++
	addition.last = now
	n.additions[writer] = addition
}

// groupEverybody has all users that have logged in.
const groupEverybody = "system:authenticated"

// boundedGroups are the first few groups of a user, without the one that everybody is in.
func boundedGroups(groups []string) []string {
	var bounded []string
	for _, group := range groups {
		if group != groupEverybody && len(bounded) < maxGroupsTold {
			bounded = append(bounded, flink.Clip(group, maxTextTold))
		}
	}
	return bounded
}

// boundedOwners are the first few owners. What the API server has yet to look at may be of any length.
func boundedOwners(owners []metav1.OwnerReference) []metav1.OwnerReference {
	bounded := slices.Clone(owners[:min(len(owners), maxOwnersTold)])
	for i := range bounded {
		owner := &bounded[i]
		*owner = metav1.OwnerReference{
			APIVersion: flink.Clip(owner.APIVersion, maxTextTold), Kind: flink.Clip(owner.Kind, maxTextTold),
			Name: flink.Clip(owner.Name, maxTextTold), UID: types.UID(flink.Clip(string(owner.UID), maxTextTold)),
		}
	}
	return bounded
}

// addition returns what a writer did.
func (n *OwnerNotes) addition(writer ownerWriter) (ownerAddition, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	addition, known := n.additions[writer]
	return addition, known
}

func (n *OwnerNotes) noteRefusal(name types.NamespacedName) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.refusals) >= maxOwnerNotes {
		clear(n.refusals) // only the order depends on them
	}
	n.refusals[name] = n.now()
}

// refused tells whether the garbage collector was lately kept from deleting a ConfigMap.
func (n *OwnerNotes) refused(name types.NamespacedName) bool {
	if n == nil {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	at, known := n.refusals[name]
	return known && n.now().Sub(at) < refusalsLast
}

// freed forgets that a ConfigMap was to be deleted.
func (n *OwnerNotes) freed(name types.NamespacedName) {
	if n == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.refusals, name)
}
