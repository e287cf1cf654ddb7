package cluster

import (
	"context"
	"errors"
	"time"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

const (
	// maxEventsPerMember bounds how many findings of one object are told of.
	maxEventsPerMember = 20
	// maxOwners bounds the way up to the topmost owner: a FlinkBlueGreenDeployment owns a FlinkDeployment, which owns a Deployment.
	maxOwners = 4
)

// eventController judges what custom resources own and writes an Event about each finding. Nobody reads the warnings that an
// operator is given, and `kubectl describe` shows the Events of a custom resource.
type eventController struct {
	surroundings *Surroundings
	events       *eventWriter
}

// setupEvents registers the controller. Its queue holds every member at most once, so it does not outgrow the inventory.
func setupEvents(mgr manager.Manager, surroundings *Surroundings) error {
	members := func(_ context.Context, queue workqueue.TypedRateLimitingInterface[inventory.Key]) error {
		surroundings.feed.listeners.add(func(member *inventory.Member) {
			if ownedByResource(member) {
				queue.Add(member.Key)
			}
		})
		// Whoever becomes the leader has missed what came before.
		surroundings.stores.members(func(member *inventory.Member) {
			if ownedByResource(member) {
				queue.Add(member.Key)
			}
		})
		return nil
	}
	controller := &eventController{surroundings: surroundings, events: newEventWriter(mgr.GetClient(), surroundings.options.Metrics)}
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
	namespace, there := c.surroundings.Namespace(key.Namespace)
	if !there || namespace.Labels[policy.LabelGuard] == policy.GuardDisabled {
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
		failures = append(failures, c.events.write(ctx, planEvent(owner, member, finding)))
	}
	return reconcile.Result{}, errors.Join(failures...)
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
