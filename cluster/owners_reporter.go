package cluster

import (
	"context"
	"fmt"
	"time"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"
)

// ownerReporter tells who adds owner references to HA ConfigMaps. It runs on every replica, since each knows only of the requests that
// it has reviewed.
type ownerReporter struct {
	notes        *OwnerNotes
	surroundings *Surroundings
	events       *eventWriter
}

// additionDelay is how long after a request it is told of: long enough to tell a controller that does it again and again from somebody
// who did it once, and to see whether the request was carried out.
const additionDelay = 10 * time.Second

func setupOwnerReporter(mgr manager.Manager, surroundings *Surroundings, events *eventWriter) error {
	r := &ownerReporter{notes: surroundings.options.OwnerNotes, surroundings: surroundings, events: events}
	everywhere := false
	options := controllerOptions[ownerWriter]()
	options.NeedLeaderElection = &everywhere
	hear := func(_ context.Context, queue workqueue.TypedRateLimitingInterface[ownerWriter]) error {
		added := func(writer ownerWriter, manager string) {
			surroundings.options.Metrics.countOwnersAdded(manager)
			queue.AddAfter(writer, additionDelay)
		}
		r.notes.onAddition.Store(&added)
		return nil
	}
	if err := builder.TypedControllerManagedBy[ownerWriter](mgr).
		Named("owner_references_added").
		WithOptions(options).
		WatchesRawSource(source.TypedFunc[ownerWriter](hear)).
		Complete(r); err != nil {
		return fmt.Errorf("setting up the controller for events about owner references: %w", err)
	}
	return nil
}

// Reconcile tells what one user does to one ConfigMap, if it is there.
func (r *ownerReporter) Reconcile(ctx context.Context, writer ownerWriter) (reconcile.Result, error) {
	addition, known := r.notes.addition(writer)
	state, there := r.surroundings.feed.inventory.HAStateOf(writer.Namespace, writer.Name)
	if !known || !there {
		return reconcile.Result{}, nil
	}
	for _, event := range planAdditionEvents(state, writer, &addition) {
		if err := r.events.send(ctx, event); err != nil {
			return reconcile.Result{}, err
		}
	}
	return reconcile.Result{}, nil
}
