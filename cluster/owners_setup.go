package cluster

import (
	"context"
	"fmt"
	"time"

	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

const (
	// patchRate is how many HA ConfigMaps are freed in a second, and patchBurst how many at once: thousands are there when the guard
	// comes into an old cluster, and nobody else is to wait for them.
	patchRate, patchBurst = 50, 100
	// ownerWorkers is how many patches are under way at a time.
	ownerWorkers = 4
	// complaintInterval is how often it is told on a ConfigMap that the guard may not free it.
	complaintInterval = 10 * time.Second
	// ownersInterval is how often all owned HA ConfigMaps are looked at although nothing has happened to them: annotations and
	// exemptions end by date, and policies, labels of namespaces and owners change.
	ownersInterval = 10 * time.Second
)

// setupOwners registers the controller. It runs on every replica, for the sake of what this one has kept the garbage collector from
// deleting; the leader looks after everything.
func setupOwners(mgr manager.Manager, surroundings *Surroundings) error {
	events := newEventWriter(mgr.GetClient(), surroundings.options.Metrics)
	events.waiting = make(chan *eventsv1.Event, maxEventsWaiting)
	if err := mgr.Add(events); err != nil {
		return fmt.Errorf("setting up the writer of events about owner references: %w", err)
	}
	c := &ownerController{
		client: mgr.GetClient(), surroundings: surroundings, states: surroundings.owned, events: events, now: time.Now,
		patches:    flowcontrol.NewTokenBucketRateLimiter(patchRate, patchBurst),
		complaints: flowcontrol.NewTokenBucketRateLimiter(float32(1/complaintInterval.Seconds()), 1),
	}
	everywhere, ordered := false, true
	options := controllerOptions[reconcile.Request]()
	options.NeedLeaderElection = &everywhere
	options.UsePriorityQueue = &ordered
	options.MaxConcurrentReconciles = ownerWorkers
	hear := func(ctx context.Context, queue requestQueue) error {
		byRisk, ok := queue.(priorityqueue.PriorityQueue[reconcile.Request])
		if !ok {
			return fmt.Errorf("%T has no priorities", queue)
		}
		c.hear(byRisk)
		go c.lookAfterAll(ctx, mgr.Elected(), byRisk)
		return nil
	}
	if err := builder.ControllerManagedBy(mgr).
		Named("owner_references").
		WithOptions(options).
		WatchesRawSource(source.Func(hear)).
		Complete(c); err != nil {
		return fmt.Errorf("setting up the controller for owner references: %w", err)
	}
	if surroundings.options.OwnerNotes == nil {
		return nil
	}
	return setupOwnerReporter(mgr, surroundings, events)
}

type riskQueue = priorityqueue.PriorityQueue[reconcile.Request]

// hear has a ConfigMap freed as soon as it is seen with owners.
func (c *ownerController) hear(queue riskQueue) {
	c.surroundings.feed.stateListeners.add(func(_, after *inventory.HAState) {
		if after != nil && len(after.Owners) > 0 && (c.leads.Load() || c.surroundings.options.OwnerNotes.refused(nameOf(after))) {
			c.add(queue, after)
		}
	})
	if notes := c.surroundings.options.OwnerNotes; notes != nil {
		refused := func(name types.NamespacedName) {
			if state, owned := c.states.find(name); owned {
				c.add(queue, state.HAState)
			}
		}
		notes.onRefusal.Store(&refused)
	}
}

func (c *ownerController) add(queue riskQueue, state *inventory.HAState) {
	addAtRisk(queue, c.surroundings.ownerRiskOf(state), requestOf(state))
}

func requestOf(state *inventory.HAState) reconcile.Request {
	return reconcile.Request{NamespacedName: nameOf(state)}
}

func addAtRisk(queue riskQueue, risk ownerRisk, requests ...reconcile.Request) {
	priority := risk.priority()
	queue.AddWithOpts(priorityqueue.AddOpts{Priority: &priority}, requests...)
}

// lookAfterAll looks after all owned HA ConfigMaps from when this replica leads until the context ends.
func (c *ownerController) lookAfterAll(ctx context.Context, elected <-chan struct{}, queue riskQueue) {
	select {
	case <-ctx.Done():
		return
	case <-elected:
	}
	ticker := time.NewTicker(ownersInterval)
	defer ticker.Stop()
	c.awaitOwners(ctx, ticker.C)
	c.leads.Store(true)
	for ctx.Err() == nil {
		c.progress.report(log.FromContext(ctx).WithName("owner references"), c.addAll(queue))
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// awaitOwners waits until the owners are known, without which there is no order of risk, but no longer than to the first tick: what is
// owned is freed whether they are known or not.
func (c *ownerController) awaitOwners(ctx context.Context, tick <-chan time.Time) {
	for !c.surroundings.trusted() {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			return
		case <-time.After(lagPoll):
		}
	}
}

// addAll has everything freed that is to be, and tells how much that is.
func (c *ownerController) addAll(queue riskQueue) int {
	if !c.surroundings.current() {
		return 0
	}
	left, byRisk := 0, map[ownerRisk][]reconcile.Request{}
	for _, state := range c.states.list() {
		if c.surroundings.strips(state, c.now()) {
			risk := c.surroundings.ownerRiskOf(state)
			byRisk[risk] = append(byRisk[risk], requestOf(state))
			left++
		}
	}
	for _, risk := range ownerRisks() {
		addAtRisk(queue, risk, byRisk[risk]...)
	}
	return left
}
