package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

type uidQueue = workqueue.TypedRateLimitingInterface[types.UID]

// keeperWorkers is how many deleted ConfigMaps are dealt with at a time.
const keeperWorkers = 4

// setupUndelete registers what keeps deleted HA ConfigMaps, and on every replica what tells who deleted them.
func setupUndelete(mgr manager.Manager, surroundings *Surroundings) error {
	live, err := client.NewWithWatch(mgr.GetConfig(), client.Options{HTTPClient: mgr.GetHTTPClient(), Scheme: mgr.GetScheme(), Mapper: mgr.GetRESTMapper()})
	if err != nil {
		return fmt.Errorf("setting up a client of the API server: %w", err)
	}
	informer, _, err := watchWith(context.Background(), mgr.GetCache(), &corev1.ConfigMap{}, toolscache.ResourceEventHandlerFuncs{})
	if err != nil {
		return err
	}
	o := surroundings.options
	archive := undelete.Archive{Client: live, Namespace: o.Namespace}
	if err := mgr.Add(versionNoter{informer.LastSyncResourceVersion, &o.Deletions.seen}); err != nil {
		return fmt.Errorf("setting up what notes how far ConfigMaps were seen: %w", err)
	}
	k := &keeper{client: live, archive: archive, surroundings: surroundings, events: newEventWriter(live, o.Metrics), now: time.Now}
	watched := &deletionWatch{client: live, current: informer.LastSyncResourceVersion}
	watched.from = func() string {
		if oldest := o.Deletions.seen.oldest(); oldest != "" {
			return oldest
		}
		return informer.LastSyncResourceVersion()
	}
	if err := k.register(mgr, watched); err != nil {
		return err
	}
	return (&deletionReporter{archive: archive, surroundings: surroundings}).register(mgr)
}

func (k *keeper) register(mgr manager.Manager, watched *deletionWatch) error {
	options := controllerOptions[types.UID]()
	options.MaxConcurrentReconciles = keeperWorkers
	options.RateLimiter = workqueue.NewTypedItemExponentialFailureRateLimiter[types.UID](failureDelay, maxRetryDelay)
	hear := func(ctx context.Context, queue uidQueue) error {
		watched.deleted = func(configMap *corev1.ConfigMap) {
			if k.takeUp(ctx, configMap) {
				queue.Add(configMap.UID)
				queue.AddAfter(archivePruning, pruneDelay)
			}
		}
		queue.Add(archivePruning)
		go watched.watchWhile(ctx, k.keeps)
		return nil
	}
	return builder.TypedControllerManagedBy[types.UID](mgr).
		Named("undelete").
		WithOptions(options).
		WatchesRawSource(source.TypedFunc[types.UID](hear)).
		Complete(k)
}

// deletionReporter tells the archive what the reviews of deletions told this replica, once they are carried out.
type deletionReporter struct {
	archive      undelete.Archive
	surroundings *Surroundings
}

func (r *deletionReporter) register(mgr manager.Manager) error {
	everywhere := false
	options := controllerOptions[types.UID]()
	options.NeedLeaderElection = &everywhere
	return builder.TypedControllerManagedBy[types.UID](mgr).
		Named("deletions").
		WithOptions(options).
		WatchesRawSource(source.TypedFunc[types.UID](r.hear)).
		Complete(r)
}

func (r *deletionReporter) hear(_ context.Context, queue uidQueue) error {
	deletions := r.surroundings.options.Deletions
	r.surroundings.feed.stateListeners.add(func(before, after *inventory.HAState) {
		if before == nil || after != nil && after.UID == before.UID {
			return
		}
		if _, noted := deletions.of(before.UID); noted {
			queue.Add(before.UID)
		}
	})
	return nil
}

// Reconcile tells of one deletion, as soon as the archive has the ConfigMap. One that is not worth keeping never comes.
func (r *deletionReporter) Reconcile(ctx context.Context, uid types.UID) (reconcile.Result, error) {
	o := r.surroundings.options
	deletion, noted := o.Deletions.of(uid)
	if !noted || o.keepFor() == 0 {
		return reconcile.Result{}, nil
	}
	err := r.archive.NoteDeletion(ctx, uid, deletion)
	if errors.Is(err, undelete.ErrNotKept) {
		return reconcile.Result{RequeueAfter: reviewInterval}, nil
	}
	if err == nil {
		o.Deletions.done(uid)
	}
	return reconcile.Result{}, err
}

// versionNoter notes how far this replica has seen the changes of ConfigMaps.
type versionNoter struct {
	version func() string
	seen    *versions
}

// NeedLeaderElection is false: who becomes the leader has to know.
func (versionNoter) NeedLeaderElection() bool { return false }

// Start notes until the context ends.
func (n versionNoter) Start(ctx context.Context) error {
	ticker := time.NewTicker(versionInterval)
	defer ticker.Stop()
	for {
		n.seen.note(n.version(), time.Now())
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
