package undelete

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// Live returns the ConfigMap of a name as it is now, nil if there is none. c asks the API server itself.
func Live(ctx context.Context, c client.Reader, namespace, name string) (*corev1.ConfigMap, error) {
	var found corev1.ConfigMapList
	if err := c.List(ctx, &found, client.InNamespace(namespace), named(name)); err != nil {
		return nil, fmt.Errorf("reading ConfigMap %s/%s: %w", namespace, name, err)
	}
	if len(found.Items) == 0 {
		return nil, nil
	}
	return &found.Items[0], nil
}

// Plan plans how a kept ConfigMap comes back, from what is there now.
func Plan(ctx context.Context, c client.Reader, kept *corev1.ConfigMap) (hastate.Restoration, error) {
	_, plan, err := look(ctx, c, kept)
	return plan, err
}

func look(ctx context.Context, c client.Reader, kept *corev1.ConfigMap) (*corev1.ConfigMap, hastate.Restoration, error) {
	live, err := Live(ctx, c, kept.Namespace, kept.Name)
	if err != nil {
		return nil, hastate.Restoration{}, err
	}
	return live, hastate.PlanRestore(kept, live), nil
}

const (
	// maxAttempts is how often a restoration looks again after somebody else was faster. A JobManager that dies creates an empty
	// leader ConfigMap at the same time, and the next one writes its lock and its addresses into it.
	maxAttempts = 20
	// attemptPause is the time in between.
	attemptPause = 100 * time.Millisecond
)

// Restore brings a kept ConfigMap back, and returns what it did. It writes over nothing that it has not seen: a ConfigMap that is
// created, changed or deleted meanwhile is looked at again.
func Restore(ctx context.Context, c client.Client, kept *corev1.ConfigMap) (hastate.Restoration, error) {
	var failure error
	for range maxAttempts {
		live, plan, err := look(ctx, c, kept)
		if err != nil {
			return hastate.Restoration{}, err
		}
		failure = apply(ctx, c, live, plan)
		if !overtaken(failure) {
			return plan, failure
		}
		select {
		case <-ctx.Done():
			return hastate.Restoration{}, fmt.Errorf("restoring ConfigMap %s/%s: %w", kept.Namespace, kept.Name, ctx.Err())
		case <-time.After(attemptPause):
		}
	}
	return hastate.Restoration{}, fmt.Errorf("somebody else was faster %d times: %w", maxAttempts, failure)
}

// overtaken tells whether a write failed because the ConfigMap is not any more what was looked at.
func overtaken(err error) bool {
	return apierrors.IsAlreadyExists(err) || apierrors.IsConflict(err) || isGone(err)
}

// isGone tells that the ConfigMap is not there any more, and not its namespace.
func isGone(err error) bool {
	var status apierrors.APIStatus
	if !apierrors.IsNotFound(err) || !errors.As(err, &status) {
		return false
	}
	details := status.Status().Details
	return details != nil && details.Kind == "configmaps"
}

// apply carries out a plan that was made for the live ConfigMap.
func apply(ctx context.Context, c client.Client, live *corev1.ConfigMap, plan hastate.Restoration) error {
	switch {
	case plan.Create != nil:
		if err := c.Create(ctx, plan.Create.DeepCopy(), fieldOwner); err != nil {
			return fmt.Errorf("creating ConfigMap %s/%s: %w", plan.Create.Namespace, plan.Create.Name, err)
		}
	case len(plan.Add) > 0:
		patch, err := json.Marshal(map[string]any{
			"metadata": map[string]any{"uid": live.UID, "resourceVersion": live.ResourceVersion},
			"data":     plan.Add,
		})
		if err != nil {
			return fmt.Errorf("writing a patch: %w", err)
		}
		if err := c.Patch(ctx, live.DeepCopy(), client.RawPatch(types.MergePatchType, patch), fieldOwner); err != nil {
			return fmt.Errorf("adding to ConfigMap %s/%s: %w", live.Namespace, live.Name, err)
		}
	}
	return nil
}

// NeedsRestart tells whether a JobManager leads without what a restoration has added at some time, and has to be restarted to bring it
// back. All times are those of the clocks in the cluster.
func NeedsRestart(ctx context.Context, c client.Reader, restored hastate.Restoration, record *Record, added, now time.Time) (hastate.Restart, error) {
	name, ok := hastate.Recognize(record.Content)
	if !ok {
		return hastate.RestartNone, nil
	}
	live, err := Live(ctx, c, record.Namespace, leaderConfigMap(name))
	if err != nil || live == nil {
		return hastate.RestartNone, err
	}
	leader, _ := hastate.Read(live)
	return restored.NeedsRestart(leader, added, now), nil
}

// leaderConfigMap is the name of the ConfigMap with the lock of the cluster's dispatcher: one for all components from 1.15 on.
func leaderConfigMap(name hastate.Name) string {
	switch name.Kind {
	case hastate.KindComponent, hastate.KindJobLeader:
		return name.Cluster + "-dispatcher-leader"
	case hastate.KindCluster, hastate.KindJob:
	}
	return name.Cluster + "-cluster-config-map"
}
