package cluster

import (
	"context"
	"fmt"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Setup registers informers and controllers with a manager that was made with Scheme and CacheOptions, before it starts.
// Every replica has the informers from which Surroundings answers; what only a controller needs is watched by the leader.
func Setup(mgr manager.Manager, o Options) (*Surroundings, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("setting up the cluster's surroundings: %w", err)
	}
	surroundings := &Surroundings{reader: mgr.GetCache(), options: o, feed: newFeed(o.OperatorDefaults), stores: newObjectStores(), owned: newOwnedStates()}
	surroundings.feed.stateListeners.add(surroundings.owned.replace)
	if err := surroundings.watch(mgr.GetCache()); err != nil {
		return nil, err
	}
	if err := surroundings.watchRBAC(mgr); err != nil {
		return nil, err
	}
	if err := surroundings.watchCustomResources(mgr); err != nil {
		return nil, err
	}
	if o.keepsCABundle() {
		if err := setupCABundles(mgr, o); err != nil {
			return nil, fmt.Errorf("setting up the CA bundle controller: %w", err)
		}
	}
	// Whether the policy has accounts made may change while the server runs.
	if err := setupProvisioning(mgr, surroundings); err != nil {
		return nil, fmt.Errorf("setting up the service account controller: %w", err)
	}
	// So may what it says of owner references.
	if err := setupOwners(mgr, surroundings); err != nil {
		return nil, err
	}
	if o.Deletions != nil {
		if err := setupUndelete(mgr, surroundings); err != nil {
			return nil, fmt.Errorf("setting up what keeps deleted HA state: %w", err)
		}
	}
	if o.Injections != nil {
		if err := setupInjections(mgr, surroundings); err != nil {
			return nil, fmt.Errorf("setting up the controller for events about injections: %w", err)
		}
	}
	if o.Judge != nil {
		if err := setupEvents(mgr, surroundings); err != nil {
			return nil, fmt.Errorf("setting up the controller for events: %w", err)
		}
	}
	o.Metrics.observe(surroundings)
	return surroundings, nil
}

// watch starts the informers for the kinds that every cluster has.
func (s *Surroundings) watch(informers cache.Informers) error {
	start := func(object client.Object, handler toolscache.ResourceEventHandler) (toolscache.SharedIndexInformer, error) {
		informer, registration, err := watchWith(context.Background(), informers, object, handler)
		if err == nil {
			s.hasSynced = append(s.hasSynced, registration.HasSynced)
		}
		return informer, err
	}
	// One informer has both kinds of ConfigMaps. One that becomes HA state, or is it no more, is gone from one side.
	for _, handler := range []toolscache.ResourceEventHandler{handlerOf(s.feed.replaceConfigMap), handlerOf(s.feed.replaceHAState)} {
		if _, err := start(&corev1.ConfigMap{}, handler); err != nil {
			return err
		}
	}
	for _, kind := range workloadKinds() {
		informer, err := start(kind.object, handlerOf(s.feed.replaceObject))
		if err != nil {
			return err
		}
		s.stores.add(kind.name, informer.GetIndexer())
	}
	others := []client.Object{namespaceMetadata(), &corev1.ServiceAccount{}}
	for _, object := range others {
		if _, err := start(object, toolscache.ResourceEventHandlerFuncs{}); err != nil {
			return err
		}
	}
	return nil
}

// watchRBAC has the objects of RBAC watched once the manager has started. Whether that succeeds is nobody's condition.
func (s *Surroundings) watchRBAC(mgr manager.Manager) error {
	objects, err := newRBACObjects(mgr, s.options)
	if err != nil {
		return err
	}
	if err := mgr.Add(objects); err != nil {
		return fmt.Errorf("setting up the watch of RBAC: %w", err)
	}
	s.rbac = objects
	return nil
}

// watchCustomResources looks for custom resources as soon as the manager starts.
func (s *Surroundings) watchCustomResources(mgr manager.Manager) error {
	apiServer, err := discovery.NewDiscoveryClientForConfigAndClient(mgr.GetConfig(), mgr.GetHTTPClient())
	if err != nil {
		return fmt.Errorf("setting up a client of the API server: %w", err)
	}
	s.resources = &customResources{
		served: func(ctx context.Context) (*metav1.APIResourceList, error) {
			return apiServer.ServerResourcesForGroupVersionWithContext(ctx, workload.ResourceGroup+"/"+workload.ResourceVersion)
		},
		informers: mgr.GetCache(), feed: s.feed, stores: s.stores, failures: s.options.WatchFailures, watched: map[string]*watchedKind{},
	}
	s.hasSynced = append(s.hasSynced, s.resources.hasSynced)
	if err := mgr.Add(s.resources); err != nil {
		return fmt.Errorf("setting up the search for custom resources: %w", err)
	}
	return nil
}

// watchWith gets an informer for a kind and registers a handler with it. It does not wait: the cache may not have started yet.
func watchWith(
	ctx context.Context, informers cache.Informers, object client.Object, handler toolscache.ResourceEventHandler,
) (toolscache.SharedIndexInformer, toolscache.ResourceEventHandlerRegistration, error) {
	informer, err := informers.GetInformer(ctx, object, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, nil, fmt.Errorf("setting up the informer for %T: %w", object, err)
	}
	shared, ok := informer.(toolscache.SharedIndexInformer)
	if !ok {
		return nil, nil, fmt.Errorf("setting up the informer for %T: %T has no store", object, informer)
	}
	registration, err := shared.AddEventHandler(handler)
	if err != nil {
		return nil, nil, fmt.Errorf("setting up the informer for %T: %w", object, err)
	}
	return shared, registration, nil
}

func setupCABundles(mgr manager.Manager, o Options) error {
	configurations := handler.EnqueueRequestsFromMapFunc(func(context.Context, client.Object) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: o.WebhookConfigurationName}}}
	})
	return builder.ControllerManagedBy(mgr).
		Named("ca_bundle").
		WithOptions(controllerOptions[reconcile.Request]()).
		Watches(&corev1.Secret{}, configurations).
		Watches(&admissionregistrationv1.ValidatingWebhookConfiguration{}, configurations).
		Watches(&admissionregistrationv1.MutatingWebhookConfiguration{}, configurations).
		Complete(&caBundleController{client: mgr.GetClient(), options: o})
}

// forever is longer than any server runs.
const forever = 10 * 365 * 24 * time.Hour

func controllerOptions[request comparable]() controller.TypedOptions[request] {
	severalManagers := true
	return controller.TypedOptions[request]{
		// A controller whose informers do not sync ends the manager, by default after two minutes, and the admission server
		// with it. A right that is missing for a controller must not do that; the informers say in the log what they miss.
		CacheSyncTimeout: forever,
		// A process may have several managers, one after the other, as the end-to-end tests do.
		SkipNameValidation: &severalManagers,
	}
}
