package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// ownerController removes owner references that are there although admission would have removed them: they are older than the guard,
// were written while it was down, or the policy has changed. What it decides on comes from caches. Its one write says which version of
// the ConfigMap it is about, so that it can undo nobody's, and a leader whose renewal comes second tries again.
type ownerController struct {
	client       client.Client
	surroundings *Surroundings
	states       *ownedStates
	events       *eventWriter
	now          func() time.Time
	// patches and complaints bound how often it writes, and how often it tells that it cannot.
	patches, complaints flowcontrol.RateLimiter
	// leads is true once this replica looks after all HA ConfigMaps, and not just those that it has kept from being deleted.
	leads    atomic.Bool
	progress ownerProgress
}

const (
	// refusedDelay and failedDelay are for how long a ConfigMap is left alone that could not be freed: for lack of a right, which
	// people have to give, or for another reason.
	refusedDelay = time.Minute
	failedDelay  = 2 * time.Second
	// againDelay is how long after it was freed a ConfigMap is freed again that is not certain to be deleted at once. Where admission does
	// not strip what a controller adds again and again, the guard would otherwise write as often.
	againDelay = 10 * time.Second
)

// Reconcile frees one ConfigMap.
func (c *ownerController) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	state, owned := c.states.find(request.NamespacedName)
	if !owned {
		return reconcile.Result{}, nil
	}
	if wait := state.notBefore.Sub(c.now()); wait > 0 {
		return reconcile.Result{RequeueAfter: wait}, nil
	}
	if !c.surroundings.current() {
		return reconcile.Result{RequeueAfter: notSyncedDelay}, nil
	}
	if !c.surroundings.strips(state.HAState, c.now()) {
		return reconcile.Result{}, nil
	}
	risk := c.surroundings.ownerRiskOf(state.HAState)
	if wait := c.states.freedAt(request.NamespacedName).Add(againDelay).Sub(c.now()); !risk.certain() && wait > 0 {
		return reconcile.Result{RequeueAfter: wait}, nil
	}
	if err := c.patches.Wait(ctx); err != nil {
		return reconcile.Result{}, fmt.Errorf("waiting for the next patch: %w", err)
	}
	err := c.strip(ctx, state.HAState)
	switch {
	case err == nil:
		c.states.noteFreed(state.HAState, c.now())
		c.surroundings.options.OwnerNotes.freed(request.NamespacedName)
		c.surroundings.options.Metrics.countHealed(risk)
		c.progress.countFreed()
		return reconcile.Result{}, c.tell(ctx, planFreedEvents(state.HAState, risk))
	case apierrors.IsNotFound(err):
		return reconcile.Result{}, nil
	case apierrors.IsConflict(err):
		// Somebody was faster; what that wrote comes from the watch.
		return reconcile.Result{RequeueAfter: conflictDelay}, nil
	}
	return c.failed(ctx, state.HAState, risk, err)
}

// failed puts off what cannot be done now. Where the garbage collector waits for it, it is told of in any case.
func (c *ownerController) failed(ctx context.Context, state *inventory.HAState, risk ownerRisk, err error) (reconcile.Result, error) {
	delay := failedDelay
	if apierrors.IsForbidden(err) {
		delay = refusedDelay
	}
	c.states.postpone(nameOf(state), c.now().Add(delay))
	c.surroundings.options.Metrics.countUnhealed(apierrors.IsForbidden(err))
	c.progress.countFailed(err)
	if apierrors.IsForbidden(err) && (risk == riskDeletion || c.complaints.TryAccept()) {
		return reconcile.Result{RequeueAfter: delay}, c.tell(ctx, planUnfreedEvents(state, risk, err))
	}
	return reconcile.Result{RequeueAfter: delay}, nil
}

// strips tells whether the owner references of an HA ConfigMap are to go: the same answer as at admission, but for users who are exempt
// there, of whom nothing is left to see. What is being deleted is left to finish.
func (s *Surroundings) strips(state *inventory.HAState, now time.Time) bool {
	namespace, known := s.Namespace(state.Namespace)
	if !known || namespace.Deleting || state.Deleting || !s.options.sees(state.Namespace) || namespace.Labels[policy.LabelGuard] == policy.GuardDisabled {
		return false
	}
	current := s.options.Policy()
	if modes, _ := current.ForNamespace(namespace.Labels); !current.HAConfigMaps.StripOwnerReferences || !modes.Edits() {
		return false
	}
	if _, exempt := current.ExemptNamespace(state.Namespace, now); exempt {
		return false
	}
	kept, asked := current.KeepsOwnerReferences(state.Annotations, now)
	return !asked || !kept.Holds()
}

// strip removes all owner references from the very version of a ConfigMap that was seen. A merge patch with another version or uid
// is a conflict, where the test of a JSON patch would make it an object that is invalid.
func (c *ownerController) strip(ctx context.Context, state *inventory.HAState) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"uid": state.UID, "resourceVersion": state.ResourceVersion, "ownerReferences": nil,
	}})
	if err != nil {
		return fmt.Errorf("encoding the patch of ConfigMap %q: %w", nameOf(state), err)
	}
	answer := metadataOf(corev1.SchemeGroupVersion.WithKind(kindConfigMap))
	answer.Namespace, answer.Name = state.Namespace, state.Name
	if err := c.client.Patch(ctx, answer, client.RawPatch(types.MergePatchType, patch), client.FieldOwner(fieldOwner)); err != nil {
		return fmt.Errorf("removing the owner references of ConfigMap %q: %w", nameOf(state), err)
	}
	return nil
}

// tell has Events written on the ConfigMap and on what owns it.
func (c *ownerController) tell(ctx context.Context, events []*eventsv1.Event) error {
	for _, event := range events {
		if err := c.events.send(ctx, event); err != nil {
			return err
		}
	}
	return nil
}
