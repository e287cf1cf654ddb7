package cluster

import (
	"context"
	"fmt"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// Setup registers informers and controllers with a manager that was made with Scheme and CacheOptions, before it starts.
// Every replica has the informers from which Surroundings answers; what only a controller needs is watched by the leader.
func Setup(mgr manager.Manager, o Options) (*Surroundings, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("setting up the cluster's surroundings: %w", err)
	}
	surroundings := &Surroundings{reader: mgr.GetCache(), options: o}
	asked := []client.Object{&corev1.ConfigMap{}}
	if o.injects() && !o.provisions() {
		asked = append(asked, metadataOf(corev1.SchemeGroupVersion.WithKind(kindServiceAccount)))
	}
	for _, kind := range asked {
		// No waiting: the manager has not started the cache yet.
		informer, err := mgr.GetCache().GetInformer(context.Background(), kind, cache.BlockUntilSynced(false))
		if err != nil {
			return nil, fmt.Errorf("setting up the informer for %T: %w", kind, err)
		}
		surroundings.hasSynced = append(surroundings.hasSynced, informer.HasSynced)
	}
	if o.keepsCABundle() {
		if err := setupCABundles(mgr, o); err != nil {
			return nil, fmt.Errorf("setting up the CA bundle controller: %w", err)
		}
	}
	if o.provisions() {
		if err := setupServiceAccounts(mgr, o); err != nil {
			return nil, fmt.Errorf("setting up the service account controller: %w", err)
		}
	}
	return surroundings, nil
}

func setupCABundles(mgr manager.Manager, o Options) error {
	configurations := handler.EnqueueRequestsFromMapFunc(func(context.Context, client.Object) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: o.WebhookConfigurationName}}}
	})
	return builder.ControllerManagedBy(mgr).
		Named("ca_bundle").
		WithOptions(controllerOptions()).
		Watches(&corev1.Secret{}, configurations).
		Watches(&admissionregistrationv1.ValidatingWebhookConfiguration{}, configurations).
		Watches(&admissionregistrationv1.MutatingWebhookConfiguration{}, configurations).
		Complete(&caBundleController{client: mgr.GetClient(), options: o})
}

func setupServiceAccounts(mgr manager.Manager, o Options) error {
	// A request names a namespace and nothing in it, since all workloads in it share the account.
	namespace := handler.EnqueueRequestsFromMapFunc(func(_ context.Context, object client.Object) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: object.GetNamespace()}}}
	})
	itself := handler.EnqueueRequestsFromMapFunc(func(_ context.Context, object client.Object) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: object.GetName()}}}
	})
	naming := builder.WithPredicates(predicate.NewPredicateFuncs(func(object client.Object) bool {
		return namesAccount(object, o.ServiceAccounts.Name)
	}))
	return builder.ControllerManagedBy(mgr).
		Named("service_account").
		WithOptions(controllerOptions()).
		Watches(&appsv1.Deployment{}, namespace, naming).
		Watches(&appsv1.StatefulSet{}, namespace, naming).
		Watches(&batchv1.Job{}, namespace, naming).
		// An account or a binding that somebody deletes is missed, and a namespace may come back under the guard.
		WatchesMetadata(&corev1.ServiceAccount{}, namespace).
		WatchesMetadata(&rbacv1.RoleBinding{}, namespace).
		WatchesMetadata(&corev1.Namespace{}, itself).
		Complete(&serviceAccountController{client: mgr.GetClient(), options: o})
}

// forever is longer than any server runs.
const forever = 10 * 365 * 24 * time.Hour

func controllerOptions() controller.Options {
	severalManagers := true
	return controller.Options{
		// A controller whose informers do not sync ends the manager, by default after two minutes, and the admission server
		// with it. A right that is missing for a controller must not do that; the informers say in the log what they miss.
		CacheSyncTimeout: forever,
		// A process may have several managers, one after the other, as the end-to-end tests do.
		SkipNameValidation: &severalManagers,
	}
}
