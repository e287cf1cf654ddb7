package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// conflictDelay is how soon a patch is tried again that was planned on an outdated object. The watch is seldom that late, and
// the next event makes another attempt anyway.
const conflictDelay = time.Second

// caBundleController keeps the CA bundles of the webhook configurations equal to the CA certificate in the Secret. Whoever
// applies the manifests again takes the bundles away; without them the API server does not trust the guard.
type caBundleController struct {
	client  client.Client
	options Options
}

// Reconcile brings the bundle into both configurations of the request's name.
func (c *caBundleController) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	bundle, err := c.bundle(ctx)
	if err != nil || bundle == nil {
		return reconcile.Result{}, err
	}
	validating := c.update(ctx, "ValidatingWebhookConfiguration", request.Name,
		&admissionregistrationv1.ValidatingWebhookConfiguration{}, bundle)
	mutating := c.update(ctx, "MutatingWebhookConfiguration", request.Name,
		&admissionregistrationv1.MutatingWebhookConfiguration{}, bundle)
	if apierrors.IsConflict(validating) || apierrors.IsConflict(mutating) {
		log.FromContext(ctx).V(1).Info("Webhook configuration changed meanwhile, trying again")
		return reconcile.Result{RequeueAfter: conflictDelay}, nil
	}
	return reconcile.Result{}, errors.Join(validating, mutating)
}

// bundle reads the CA certificate; it is nil as long as there is none.
func (c *caBundleController) bundle(ctx context.Context) ([]byte, error) {
	var secret corev1.Secret
	key := client.ObjectKey{Namespace: c.options.Namespace, Name: c.options.CASecretName}
	if err := c.client.Get(ctx, key, &secret); err != nil {
		if apierrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("reading Secret %q: %w", key, err)
	}
	text := secret.Data[c.options.CASecretKey]
	if len(text) == 0 {
		return nil, nil
	}
	bundle, err := certificatesIn(text)
	if err != nil {
		// Trying again would not help; a change of the Secret will.
		return nil, reconcile.TerminalError(fmt.Errorf("reading %q of Secret %q: %w", c.options.CASecretKey, key, err))
	}
	return bundle, nil
}

// update patches a configuration whose bundles differ. One that does not exist needs none.
func (c *caBundleController) update(ctx context.Context, kind, name string, configuration client.Object, bundle []byte) error {
	if err := c.client.Get(ctx, client.ObjectKey{Name: name}, configuration); err != nil {
		if apierrors.IsNotFound(err) {
			return nil
		}
		return fmt.Errorf("reading %s %q: %w", kind, name, err)
	}
	operations := planCABundle(configuration, bundle)
	if operations == nil {
		return nil
	}
	patch, err := json.Marshal(operations)
	if err != nil {
		return fmt.Errorf("encoding the patch of %s %q: %w", kind, name, err)
	}
	// The answer goes into an object of its own: what was read shares its memory with the cache.
	answer := metadataOf(admissionregistrationv1.SchemeGroupVersion.WithKind(kind))
	answer.Name = name
	err = c.client.Patch(ctx, answer, client.RawPatch(types.JSONPatchType, patch), client.FieldOwner(fieldOwner))
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("patching the CA bundles of %s %q: %w", kind, name, err)
	}
	log.FromContext(ctx).Info("CA bundles updated", "kind", kind, "webhooks", len(operations)-1)
	return nil
}
