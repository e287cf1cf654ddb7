package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// freshness is how old a look at all namespaces may be when something is deleted by it. That at the namespace itself, where nearly all
// who use the state are, is made right before.
const freshness = 30 * time.Second

// surveyDeleter reads a cluster, and deletes what it has read.
type surveyDeleter interface {
	surveyReader
	Delete(ctx context.Context, namespace string, read survey.ConfigMap) error
}

// sweep deletes what a plan says.
type sweep struct {
	surveyor  surveyDeleter
	asked     survey.Options
	olderThan time.Duration
	streams   streams
	// latest look at the cluster, and when it was.
	latest *survey.Survey
	looked time.Time
	// deleted counts ConfigMaps.
	deleted int
}

// run deletes clusters one by one, and says what came of it.
func (s *sweep) run(ctx context.Context, plan *gcPlan) error {
	var gone []survey.Cluster
	for _, c := range plan.doomed {
		err := s.deleteCluster(ctx, c)
		if ctx.Err() != nil {
			return offline.Refuse(fmt.Errorf("interrupted: %d of %s are deleted", s.deleted, plan.size()))
		}
		if err != nil {
			fmt.Fprintf(s.streams.err, "warning: %s is kept: %v\n", fullName(c), err)
			continue
		}
		gone = append(gone, c)
	}
	if s.latest != nil {
		plan.found = s.latest
	}
	if err := offline.Write(s.streams.out, plan.storageText(gone)); err != nil {
		return err
	}
	if kept := len(plan.doomed) - len(gone); kept > 0 {
		return offline.Refuse(fmt.Errorf("%s could not be deleted", flink.Count(kept, "cluster")))
	}
	return plan.refused()
}

// deleteCluster deletes the ConfigMaps of a cluster if they are still as they were. Those with a lock go first: a leader that comes
// back in this moment writes to them before it does anything else, and all that remains is kept.
func (s *sweep) deleteCluster(ctx context.Context, planned survey.Cluster) error {
	if err := s.lookAgain(ctx, planned); err != nil {
		return err
	}
	inOrder := slices.SortedStableFunc(slices.Values(planned.ConfigMaps), func(a, b survey.ConfigMap) int {
		return cmp.Compare(order(a.Kind), order(b.Kind))
	})
	for _, configMap := range inOrder {
		switch err := s.surveyor.Delete(ctx, planned.Namespace, configMap); {
		case apierrors.IsConflict(err):
			return fmt.Errorf("somebody wrote to ConfigMap %s just now", configMap.Name)
		case apierrors.IsNotFound(err):
			continue // somebody else has deleted it
		case err != nil:
			return fmt.Errorf("deleting ConfigMap %s: %w", configMap.Name, err)
		}
		s.deleted++
		fmt.Fprintf(s.streams.out, "configmap/%s deleted from namespace %s\n", configMap.Name, planned.Namespace)
	}
	return nil
}

func order(kind hastate.Kind) int {
	if kind == hastate.KindJob {
		return 1
	}
	return 0
}

// lookAgain reads the cluster anew, and is an error if the state of a Flink cluster is not any more what the plan was made for: while
// somebody thought about the answer, and while other state was deleted, time went by.
func (s *sweep) lookAgain(ctx context.Context, planned survey.Cluster) error {
	if s.latest == nil || time.Since(s.looked) >= freshness {
		found, err := look(ctx, s.surveyor, s.asked, s.streams.err)
		if err != nil {
			return err
		}
		s.latest, s.looked = found, time.Now()
	}
	if err := s.changed(s.latest, planned); err != nil {
		return err
	}
	near, err := look(ctx, s.surveyor, survey.Options{Namespace: planned.Namespace, Alone: true, Progress: s.asked.Progress}, s.streams.err)
	if err != nil {
		return err
	}
	return s.changed(near, planned)
}

// changed is an error if a cluster is not any more what the plan was made for.
func (s *sweep) changed(found *survey.Survey, planned survey.Cluster) error {
	at := slices.IndexFunc(found.Clusters, func(c survey.Cluster) bool { return c.ID == planned.ID && c.Namespace == planned.Namespace })
	if at < 0 {
		return nil // somebody else has deleted all of it
	}
	now := found.Clusters[at]
	if why := sparedBecause(now, found.Taken, s.olderThan); why != "" {
		return fmt.Errorf("it is %s by now", why)
	}
	for _, configMap := range now.ConfigMaps {
		if !slices.ContainsFunc(planned.ConfigMaps, func(p survey.ConfigMap) bool {
			return p.UID == configMap.UID && p.ResourceVersion == configMap.ResourceVersion
		}) {
			return fmt.Errorf("somebody has written to ConfigMap %s since", configMap.Name)
		}
	}
	return nil
}
