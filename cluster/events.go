package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

const (
	// maxEventsPerMember bounds how many findings of one object are told of.
	maxEventsPerMember = 20
	// maxToldOf bounds how many Events are remembered as written. Writing one again does no harm: it has the same name.
	maxToldOf = 4096
	// maxOwners bounds the way up to the topmost owner: a FlinkBlueGreenDeployment owns a FlinkDeployment, which owns a Deployment.
	maxOwners = 4
)

// eventController judges what custom resources own and writes an Event about each finding. Nobody reads the warnings that an
// operator is given, and `kubectl describe` shows the Events of a custom resource.
type eventController struct {
	client       client.Client
	surroundings *Surroundings
	// instance names this replica.
	instance string
	now      func() time.Time
	told     toldOf
}

// setupEvents registers the controller. Its queue holds every member at most once, so it does not outgrow the inventory.
func setupEvents(mgr manager.Manager, surroundings *Surroundings) error {
	instance, err := os.Hostname()
	if err != nil {
		instance = managedByUs
	}
	members := func(_ context.Context, queue workqueue.TypedRateLimitingInterface[inventory.Key]) error {
		surroundings.feed.listen(queue.Add)
		// Whoever becomes the leader has missed what came before.
		surroundings.stores.members(func(member *inventory.Member) {
			if ownedByResource(member) {
				queue.Add(member.Key)
			}
		})
		return nil
	}
	controller := &eventController{client: mgr.GetClient(), surroundings: surroundings, instance: instance, now: time.Now}
	return builder.TypedControllerManagedBy[inventory.Key](mgr).
		Named("events").
		WithOptions(controllerOptions[inventory.Key]()).
		WatchesRawSource(source.TypedFunc[inventory.Key](members)).
		Complete(controller)
}

// notSyncedDelay is how long a member waits that comes up before the caches can be trusted.
const notSyncedDelay = time.Second

// Reconcile judges one member.
func (c *eventController) Reconcile(ctx context.Context, key inventory.Key) (reconcile.Result, error) {
	if !c.surroundings.options.sees(key.Namespace) {
		return reconcile.Result{}, nil
	}
	if !c.surroundings.trusted() {
		return reconcile.Result{RequeueAfter: notSyncedDelay}, nil
	}
	known := c.surroundings.feed.inventory
	labels, there := c.surroundings.Namespace(key.Namespace)
	if !there || labels[policy.LabelGuard] == policy.GuardDisabled {
		return reconcile.Result{}, nil
	}
	member, there := known.Member(key)
	if !there || !ownedByResource(member) {
		return reconcile.Result{}, nil
	}
	owner := topmostOwner(known, member)
	var failures []error
	for i, finding := range c.surroundings.options.Judge(member) {
		if i == maxEventsPerMember {
			break
		}
		event := planEvent(owner, member, finding)
		event.ReportingInstance, event.EventTime.Time = c.instance, c.now()
		failures = append(failures, c.write(ctx, event))
	}
	return reconcile.Result{}, errors.Join(failures...)
}

// write makes an Event unless it was made before, by this replica or by another.
func (c *eventController) write(ctx context.Context, event *eventsv1.Event) error {
	name := client.ObjectKeyFromObject(event)
	if c.told.has(name) {
		return nil
	}
	err := c.client.Create(ctx, event, client.FieldOwner(fieldOwner))
	switch {
	case apierrors.IsAlreadyExists(err):
	case ignoreVanished(err) != nil:
		return fmt.Errorf("writing an event about the %s: %w", event.Regarding.Kind, err)
	case err == nil:
		c.surroundings.options.Metrics.countEvent(event.Reason)
	}
	c.told.add(name)
	return nil
}

// topmostOwner follows the owners of a member up to the custom resource that people know. Its owner is known by the reference
// alone where it is not in the inventory.
func topmostOwner(known *inventory.Inventory, member *inventory.Member) inventory.Owner {
	owner := member.Owner
	for range maxOwners {
		above, ok := known.Member(inventory.Key{Kind: owner.Kind, Namespace: member.Namespace, Name: owner.Name})
		if !ok || above.UID != owner.UID || !ownedByResource(above) {
			break
		}
		owner = above.Owner
	}
	return owner
}

// toldOf remembers the Events that were written.
type toldOf struct {
	mu    sync.Mutex
	names map[client.ObjectKey]struct{}
}

func (t *toldOf) has(name client.ObjectKey) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.names[name]
	return ok
}

// add forgets all others once they are too many.
func (t *toldOf) add(name client.ObjectKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.names == nil || len(t.names) >= maxToldOf {
		t.names = map[client.ObjectKey]struct{}{}
	}
	t.names[name] = struct{}{}
}
