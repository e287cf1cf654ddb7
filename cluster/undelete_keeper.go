package cluster

import (
	"context"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

const (
	// reviewWait is how long after a deletion the replica that was asked about it may take to say so: its informer has to see the
	// deletion first. A new leader of the cluster takes three times as long to come up.
	reviewWait = 5 * time.Second
	// reviewInterval is how often that is looked at.
	reviewInterval = 500 * time.Millisecond
	// pruneDelay is how long after something was kept the archive is looked through, so that a hundred deletions at once have it
	// looked through once.
	pruneDelay = 5 * time.Second
	// pruneInterval is how often it is looked through in any case.
	pruneInterval = time.Hour
)

// archivePruning is what a request names that is about the archive and no ConfigMap.
const archivePruning = types.UID("")

// keeper keeps HA ConfigMaps that are deleted, tells who has to know, and brings them back where the policy says so. A request is the
// uid of a ConfigMap.
type keeper struct {
	client       client.Client // asks the API server itself
	archive      undelete.Archive
	surroundings *Surroundings
	events       *eventWriter
	now          func() time.Time
	lost         lostStates
}

func (k *keeper) keeps() bool { return k.surroundings.options.keepFor() > 0 }

// takeUp takes up a ConfigMap that the watch says is gone, and tells whether there is anything to do about it.
func (k *keeper) takeUp(ctx context.Context, configMap *corev1.ConfigMap) bool {
	if _, ok := hastate.Recognize(configMap); !ok || !hastate.WorthKeeping(configMap.Data) {
		return false
	}
	if !k.surroundings.options.sees(configMap.Namespace) {
		return false
	}
	if !k.lost.add(configMap, k.now()) {
		k.surroundings.options.Metrics.countDeleted(stateLost)
		log.FromContext(ctx).Error(nil, "Too much HA state is deleted at once, a ConfigMap is not kept", "namespace", configMap.Namespace, "name", configMap.Name)
		return false
	}
	return true
}

// Reconcile deals with one deleted ConfigMap, or with the archive.
func (k *keeper) Reconcile(ctx context.Context, uid types.UID) (reconcile.Result, error) {
	if uid == archivePruning {
		return k.prune(ctx)
	}
	lost, ok := k.lost.get(uid)
	if !ok {
		return reconcile.Result{}, nil
	}
	if lost.configMap != nil {
		if kept, err := k.keep(ctx, &lost); !kept || err != nil {
			return reconcile.Result{}, k.unkept(ctx, &lost, err)
		}
	}
	entry, err := k.archive.Entry(ctx, uid)
	switch {
	case errors.Is(err, undelete.ErrNotKept): // the archive is full of what is needed more
		k.lost.done(uid)
		return reconcile.Result{}, nil
	case err != nil:
		return reconcile.Result{}, err
	case !entry.Deletion.Known() && k.now().Sub(lost.at) < reviewWait:
		return reconcile.Result{RequeueAfter: reviewInterval}, nil
	}
	switch err := k.actOn(ctx, &entry, lost.at); {
	case errors.Is(err, errTooEarly):
		return reconcile.Result{RequeueAfter: reviewInterval}, nil
	case err != nil:
		return reconcile.Result{}, err
	}
	k.lost.done(uid)
	return reconcile.Result{}, nil
}

// unkept gives up what could not be kept for so long that the next leader would not try either. A ConfigMap takes memory until then.
func (k *keeper) unkept(ctx context.Context, lost *lostState, err error) error {
	if err == nil || k.now().Sub(lost.at) < overlap {
		return err
	}
	k.surroundings.options.Metrics.countDeleted(stateLost)
	log.FromContext(ctx).Error(err, "A deleted HA ConfigMap could not be kept", "namespace", lost.configMap.Namespace, "name", lost.configMap.Name)
	k.lost.done(lost.configMap.UID)
	return nil
}

// keep puts a ConfigMap into the archive; false if there is nothing to keep.
func (k *keeper) keep(ctx context.Context, lost *lostState) (bool, error) {
	configMap := lost.configMap
	namespace, _ := k.surroundings.Namespace(configMap.Namespace)
	if namespace.Labels[policy.LabelGuard] == policy.GuardDisabled || !k.keeps() {
		k.lost.done(configMap.UID)
		return false, nil
	}
	// A watch by label says "deleted" also where the label was taken away.
	live, err := undelete.Live(ctx, k.client, configMap.Namespace, configMap.Name)
	if err != nil {
		return false, err
	}
	if live != nil && live.UID == configMap.UID {
		k.lost.done(configMap.UID)
		return false, nil
	}
	if _, err := k.archive.Keep(ctx, configMap, lost.at); err != nil {
		return false, err
	}
	k.surroundings.options.Metrics.countDeleted(stateKept)
	log.FromContext(ctx).Info("Kept a deleted HA ConfigMap", "namespace", configMap.Namespace, "name", configMap.Name, "configMapUID", configMap.UID)
	k.lost.kept(configMap.UID)
	return true, nil
}

// prune holds the archive to its limits.
func (k *keeper) prune(ctx context.Context) (reconcile.Result, error) {
	removed, err := k.archive.Prune(ctx, undelete.DefaultLimits(k.surroundings.options.keepFor()), k.now())
	for _, entry := range removed {
		log.FromContext(ctx).Info("No longer keeping a deleted HA ConfigMap", "namespace", entry.Namespace, "name", entry.ConfigMap, "configMapUID", entry.UID)
	}
	if apierrors.IsForbidden(err) && !k.keeps() {
		err = nil // nothing is to be kept, and the right to may have been taken away
	}
	return reconcile.Result{RequeueAfter: pruneInterval}, err
}
