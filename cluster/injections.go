package cluster

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

const (
	// maxInjections bounds how many injections are remembered that no Event tells of yet.
	maxInjections = 4096
	// injectionLasts is for how long: an object that is not there by then was refused by somebody else.
	injectionLasts = 2 * time.Minute
)

// Injections are the accounts that the admission server of this replica has put into objects. Admission writes nothing itself: it
// notes them here, and an Event tells of each once the object is seen in the cluster with that account. nil takes no notes.
type Injections struct {
	mu    sync.Mutex
	notes map[inventory.Key]injection
	now   func() time.Time
	// listener hears of each note.
	listener atomic.Pointer[func(inventory.Key)]
}

type injection struct {
	account string
	at      time.Time
}

// NewInjections returns an empty list.
func NewInjections() *Injections {
	return &Injections{notes: map[inventory.Key]injection{}, now: time.Now}
}

// Note takes note of an account that was put into a request which may be carried out: no dry run. It returns at once.
func (i *Injections) Note(kind, namespace, name, account string) {
	if i == nil || name == "" || account == "" {
		return
	}
	key := inventory.Key{Kind: kind, Namespace: namespace, Name: name}
	i.mu.Lock()
	if len(i.notes) >= maxInjections {
		i.dropOld()
	}
	if len(i.notes) < maxInjections {
		i.notes[key] = injection{account, i.now()}
	}
	i.mu.Unlock()
	if listener := i.listener.Load(); listener != nil {
		(*listener)(key)
	}
}

// dropOld forgets what no Event will tell of any more. The lock is held.
func (i *Injections) dropOld() {
	for key, note := range i.notes {
		if i.now().Sub(note.at) > injectionLasts {
			delete(i.notes, key)
		}
	}
}

// of returns the account that was put into an object lately.
func (i *Injections) of(key inventory.Key) (account string, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	note, ok := i.notes[key]
	if ok && i.now().Sub(note.at) > injectionLasts {
		delete(i.notes, key)
		return "", false
	}
	return note.account, ok
}

func (i *Injections) done(key inventory.Key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.notes, key)
}

// injectionReporter writes the Events. It runs on every replica, since each knows only of its own.
type injectionReporter struct {
	injections   *Injections
	surroundings *Surroundings
	events       *eventWriter
}

// injectionDelay is how long after a note its object is looked for, where it has not come by itself: it may have been seen already.
const injectionDelay = 2 * time.Second

func setupInjections(mgr manager.Manager, surroundings *Surroundings) error {
	r := &injectionReporter{
		injections: surroundings.options.Injections, surroundings: surroundings, events: newEventWriter(mgr.GetClient(), surroundings.options.Metrics),
	}
	everywhere := false
	options := controllerOptions[inventory.Key]()
	options.NeedLeaderElection = &everywhere
	hear := func(_ context.Context, queue workqueue.TypedRateLimitingInterface[inventory.Key]) error {
		surroundings.feed.listeners.add(func(member *inventory.Member) {
			if _, noted := r.injections.of(member.Key); noted {
				queue.Add(member.Key)
			}
		})
		late := func(key inventory.Key) { queue.AddAfter(key, injectionDelay) }
		r.injections.listener.Store(&late)
		return nil
	}
	return builder.TypedControllerManagedBy[inventory.Key](mgr).
		Named("injections").
		WithOptions(options).
		WatchesRawSource(source.TypedFunc[inventory.Key](hear)).
		Complete(r)
}

// Reconcile tells of the injection into one object, if it is there as it was answered.
func (r *injectionReporter) Reconcile(ctx context.Context, key inventory.Key) (reconcile.Result, error) {
	account, noted := r.injections.of(key)
	if !noted {
		return reconcile.Result{}, nil
	}
	member, there := r.surroundings.feed.inventory.Member(key)
	if !there || accountOf(member) != account {
		return reconcile.Result{}, nil // it may still come
	}
	note := describe(account, fmt.Sprintf("the guard put it into this %s, whose pods would have run under the account %q, which lacks what Flink's high availability needs",
		member.Kind, defaultAccount))
	event := planAccountEvent(actionInjected, regardingMember(r.surroundings.feed.inventory, member), corev1.EventTypeNormal, note)
	if err := r.events.write(ctx, event); err != nil {
		return reconcile.Result{}, err
	}
	r.injections.done(key)
	return reconcile.Result{}, nil
}

// accountOf is the account that a member itself names.
func accountOf(member *inventory.Member) string {
	switch {
	case member.Resource != nil:
		return member.Resource.ServiceAccount
	case member.Template != nil:
		return podAccount(&member.Template.Spec)
	}
	return ""
}
