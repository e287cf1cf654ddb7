package cluster

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Looking for the kinds of custom resources: how often, and how soon again after a look that got no answer. People install an
// operator and give it its first cluster some time later.
const (
	lookInterval  = 30 * time.Second
	retryInterval = 2 * time.Second
)

// customResources watches the custom resources of the Flink Kubernetes Operator, in a cluster that has them: an informer for
// a kind that does not exist would never sync, and fill the log.
type customResources struct {
	// served tells which resources of the operator's group the API server has.
	served    func(context.Context) (*metav1.APIResourceList, error)
	informers cache.Informers
	feed      *feed
	stores    *objectStores
	failures  *WatchFailures

	mu sync.Mutex
	// looked is true once there was an answer to which kinds there are.
	looked  bool
	watched map[string]*watchedKind
}

// watchedKind is a kind that has an informer.
type watchedKind struct {
	hasSynced func() bool
	store     toolscache.Indexer
	// mu guards gone, after which nothing of the kind gets into the inventory any more.
	mu   sync.Mutex
	gone bool
}

// NeedLeaderElection is false: every replica answers from these informers.
func (c *customResources) NeedLeaderElection() bool { return false }

// Start looks for the kinds until the context ends.
func (c *customResources) Start(ctx context.Context) error {
	for {
		pause := lookInterval + rand.N(lookInterval/4) //nolint:gosec // replicas that start together need not look together: no secret depends on it
		if err := c.look(ctx); err != nil {
			log.FromContext(ctx).Error(err, "Looking for the custom resources of the Flink Kubernetes Operator again")
			pause = retryInterval
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// hasSynced tells whether what there is of custom resources is in the inventory.
func (c *customResources) hasSynced() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.looked {
		return false
	}
	for _, kind := range c.watched {
		if !kind.hasSynced() {
			return false
		}
	}
	return true
}

// look starts informers for the kinds that have appeared, and stops those of kinds that are gone.
func (c *customResources) look(ctx context.Context) error {
	served, err := c.served(ctx)
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("asking for the resources of %s: %w", workload.ResourceGroup, err)
	}
	there := map[string]bool{}
	if err == nil {
		for i := range served.APIResources {
			there[served.APIResources[i].Name] = true
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, kind := range resourceKinds() {
		watched := c.watched[kind.name]
		switch {
		case there[kind.resource] && watched == nil:
			if err := c.watch(ctx, kind); err != nil {
				return err
			}
			log.FromContext(ctx).Info("Watching custom resources", "kind", kind.name)
		case !there[kind.resource] && watched != nil:
			if err := c.unwatch(ctx, kind, watched); err != nil {
				return err
			}
			log.FromContext(ctx).Info("Custom resources are gone", "kind", kind.name)
		}
	}
	c.looked = true
	return nil
}

func (c *customResources) watch(ctx context.Context, kind resourceKind) error {
	watched := &watchedKind{}
	informer, registration, err := watchWith(ctx, c.informers, kind.object(), handlerOf(func(before, after *keptObject) {
		watched.mu.Lock()
		defer watched.mu.Unlock()
		if !watched.gone {
			c.feed.replaceObject(before, after)
		}
	}))
	if err != nil {
		return err
	}
	watched.store, watched.hasSynced = informer.GetIndexer(), registration.HasSynced
	c.stores.add(kind.name, watched.store)
	c.watched[kind.name] = watched
	return nil
}

// unwatch takes back what the informer of a kind brought: one that is stopped does not say that its objects are gone.
func (c *customResources) unwatch(ctx context.Context, kind resourceKind, watched *watchedKind) error {
	object := kind.object()
	if err := c.informers.RemoveInformer(ctx, object); err != nil {
		return fmt.Errorf("stopping the informer for %s: %w", kind.name, err)
	}
	watched.mu.Lock()
	defer watched.mu.Unlock()
	watched.gone = true
	for _, left := range watched.store.List() {
		if kept, ok := left.(*keptObject); ok {
			c.feed.replaceObject(kept, nil)
		}
	}
	delete(c.watched, kind.name)
	c.stores.remove(kind.name)
	c.failures.forget(object.GroupVersionKind().String())
	return nil
}
