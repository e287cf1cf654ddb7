package cluster

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

const (
	// provisioningWorkers is how many namespaces are looked after at a time: an installation that finds hundreds of them takes
	// seconds, and a new Deployment does not wait behind them.
	provisioningWorkers = 4
	// maxRetryDelay bounds how long a namespace waits after many failures, by default a quarter of an hour: what people put right,
	// such as a role of the guard's, brings no event here.
	maxRetryDelay = time.Minute
	// policyInterval is how often the policy in memory, and the operator's defaults, are compared with those that were acted on.
	policyInterval = 2 * time.Second
	// lookAgainInterval is how often all namespaces are looked at although nothing has happened: exemptions end by date.
	lookAgainInterval = 10 * time.Minute
)

// setupProvisioning registers the provisioner. A request names a namespace and nothing in it.
func setupProvisioning(mgr manager.Manager, surroundings *Surroundings) error {
	o := surroundings.options
	grace := bindingGrace
	if o.BindingGrace > 0 {
		grace = o.BindingGrace
	}
	p := &provisioner{
		client: mgr.GetClient(), live: mgr.GetAPIReader(), bindings: surroundings.rbac.cache, surroundings: surroundings, now: time.Now, grace: grace,
		events: newEventWriter(mgr.GetClient(), o.Metrics),
	}
	p.events.waiting = make(chan *eventsv1.Event, maxEventsWaiting)
	if err := mgr.Add(p.events); err != nil {
		return fmt.Errorf("setting up the writer of events: %w", err)
	}
	options := controllerOptions[reconcile.Request]()
	options.MaxConcurrentReconciles = provisioningWorkers
	options.RateLimiter = workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](failureDelay, maxRetryDelay)
	bindings := source.Kind(surroundings.rbac.cache, client.Object(&rbacv1.RoleBinding{}), handler.EnqueueRequestsFromMapFunc(namespaceOf),
		predicate.NewPredicateFuncs(hasRoleName))
	return builder.ControllerManagedBy(mgr).
		Named("service_account").
		WithOptions(options).
		WatchesMetadata(&corev1.Namespace{}, handler.EnqueueRequestsFromMapFunc(namespaceItself)).
		// An account that comes, or is gone, and what "default" carries.
		Watches(&corev1.ServiceAccount{}, handler.EnqueueRequestsFromMapFunc(namespaceOf), builder.WithPredicates(predicate.NewPredicateFuncs(p.matters))).
		WatchesRawSource(bindings).
		WatchesRawSource(source.Func(p.hearOfMembers)).
		WatchesRawSource(source.Func(p.hearOfPolicy)).
		Complete(p)
}

// failureDelay is how long a namespace waits after its first failure.
const failureDelay = 5 * time.Millisecond

type requestQueue = workqueue.TypedRateLimitingInterface[reconcile.Request]

func requestFor(namespace string) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Namespace: namespace}}
}

func namespaceOf(_ context.Context, object client.Object) []reconcile.Request {
	return []reconcile.Request{requestFor(object.GetNamespace())}
}

func namespaceItself(_ context.Context, object client.Object) []reconcile.Request {
	return []reconcile.Request{requestFor(object.GetName())}
}

func hasRoleName(object client.Object) bool {
	return slices.Contains(clusterRoles(), object.GetName())
}

// matters tells whether anything depends on an account: a member names it, or the namespace may. Most accounts are of no concern, and
// one of them is in every namespace.
func (p *provisioner) matters(object client.Object) bool {
	o := p.surroundings.options
	if !o.sees(object.GetNamespace()) || !o.Policy().ServiceAccounts.Provision {
		return false
	}
	if _, members := p.surroundings.feed.inventory.InNamespace(object.GetNamespace(), 0); members > 0 {
		return true
	}
	return object.GetName() != defaultAccount
}

// hearOfMembers looks after the namespace of every member that changes.
func (p *provisioner) hearOfMembers(_ context.Context, queue requestQueue) error {
	p.surroundings.feed.listeners.add(func(member *inventory.Member) { queue.Add(requestFor(member.Namespace)) })
	// Whoever becomes the leader has missed what came before.
	p.surroundings.stores.members(func(member *inventory.Member) { queue.Add(requestFor(member.Namespace)) })
	return nil
}

// hearOfPolicy looks after all namespaces whenever the policy, or the operator's defaults, are others than before, and from time to
// time. Nothing of this asks the API server.
func (p *provisioner) hearOfPolicy(ctx context.Context, queue requestQueue) error {
	acted, defaults, looked := p.current()
	go func() {
		ticker := time.NewTicker(policyInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			now, nowDefaults, at := p.current()
			if now == acted && nowDefaults == defaults && at.Sub(looked) < lookAgainInterval {
				continue
			}
			if err := p.addAllNamespaces(ctx, queue); err != nil {
				log.FromContext(ctx).Error(err, "Looking for namespaces again")
				continue
			}
			acted, defaults, looked = now, nowDefaults, at
		}
	}()
	return nil
}

func (p *provisioner) current() (*policy.Policy, *workload.OperatorDefaults, time.Time) {
	return p.surroundings.options.Policy(), p.surroundings.feed.inventory.OperatorDefaults(), p.now()
}

func (p *provisioner) addAllNamespaces(ctx context.Context, queue requestQueue) error {
	var namespaces metav1.PartialObjectMetadataList
	namespaces.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind(kindNamespace + "List"))
	if err := p.client.List(ctx, &namespaces, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("reading the namespaces: %w", err)
	}
	for i := range namespaces.Items {
		queue.Add(requestFor(namespaces.Items[i].Name))
	}
	return nil
}
