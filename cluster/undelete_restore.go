package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

const (
	// restoreWithin is how long after a deletion the guard itself brings a ConfigMap back. Later than that a new leader has long decided
	// what there is to recover, and people have begun to see to it.
	restoreWithin = time.Minute
	// checkpointsWait is how long a ConfigMap with jobs waits for those with their checkpoints, which go at the same time and are
	// brought back each by itself. A new leader takes longer to come up.
	checkpointsWait = 2 * reviewWait
	// restoreAgainAfter is how long after it was brought back a ConfigMap of a name is brought back again: who deletes it a second time
	// is not undone a second time.
	restoreAgainAfter = time.Hour
)

// errTooEarly tells that what a ConfigMap has to wait for is not there yet.
var errTooEarly = errors.New("the ConfigMaps with the checkpoints of its jobs are not back yet")

// actOn does what a deletion asks for that was seen at a time, once it is known who did it or that nobody will say.
func (k *keeper) actOn(ctx context.Context, entry *undelete.Entry, seen time.Time) error {
	if entry.Ended() || entry.Deletion.Deleter == validation.DeleterOperator {
		return nil // part of their work
	}
	next := "to bring it back: " + restoreCommand(entry)
	if k.surroundings.options.restores() && entry.RestoredAt.IsZero() {
		outcome, err := k.restore(ctx, entry, seen)
		if err != nil {
			return err
		}
		next = outcome
	}
	return k.tell(ctx, entry, next)
}

// restore brings a ConfigMap back, unless something speaks against it, and says what came of it.
func (k *keeper) restore(ctx context.Context, entry *undelete.Entry, seen time.Time) (string, error) {
	byHand := func(because string) string {
		return "the guard does not bring it back by itself, because " + because + "; to do so: " + restoreCommand(entry)
	}
	record, err := k.archive.Read(ctx, *entry)
	if err != nil {
		return "", err
	}
	because, err := k.whyNotRestore(ctx, &record, seen)
	switch {
	case err != nil:
		return "", err
	case because != "":
		return byHand(because), nil
	}
	plan, err := undelete.Restore(ctx, k.client, record.Content)
	switch {
	case apierrors.IsForbidden(err):
		k.surroundings.options.Metrics.countDeleted(stateNotRestored)
		return byHand("it lacks the right to create or patch ConfigMaps there"), nil
	case err != nil:
		return "", fmt.Errorf("bringing back a deleted HA ConfigMap: %w", err)
	case plan.Refused != "":
		k.surroundings.options.Metrics.countDeleted(stateNotRestored)
		return "the guard does not bring it back, because " + plan.Refused, nil
	case plan.Nothing:
		return "all that it pointed to is there again", nil
	}
	k.surroundings.options.Metrics.countDeleted(stateRestored)
	log.FromContext(ctx).Info("Brought back a deleted HA ConfigMap", "namespace", entry.Namespace, "name", entry.ConfigMap, "configMapUID", entry.UID)
	if err := k.archive.MarkRestored(ctx, entry.UID, k.now()); err != nil {
		// It is back all the same: to try again would find nothing to do.
		log.FromContext(ctx).Error(err, "Noting that a deleted HA ConfigMap is back")
	}
	now := k.now()
	restart, err := undelete.NeedsRestart(ctx, k.client, plan, &record, now, now)
	if err != nil {
		log.FromContext(ctx).Error(err, "Looking for a leader that has to be restarted")
		restart = hastate.RestartUnclear
	}
	switch restart {
	case hastate.RestartUnclear: // the usual case: the JobManager that died of the deletion still holds the lock
		return "the guard has brought it back. Where a JobManager leads that does not know its jobs, restart it", nil
	case hastate.RestartNeeded:
		return "the guard has brought it back; a JobManager leads without its jobs and has to be restarted", nil
	case hastate.RestartNone:
	}
	return "the guard has brought it back", nil
}

// whyNotRestore says why the guard leaves it to people to bring a ConfigMap back; "" if it does not. In doubt it does: state that
// comes back under a new cluster of the same name brings jobs back that were ended on purpose, and a job that comes back without its
// checkpoints starts from nothing.
func (k *keeper) whyNotRestore(ctx context.Context, record *undelete.Record, seen time.Time) (string, error) {
	for _, why := range []func(*undelete.Record) string{k.mayNotWrite, k.mayBeMeant} {
		if because := why(record); because != "" {
			return because, nil
		}
	}
	last, err := k.archive.LastRestored(ctx, record.Namespace, record.ConfigMap)
	if err != nil {
		return "", err
	}
	if ago := k.now().Sub(last); !last.IsZero() && ago < restoreAgainAfter {
		return fmt.Sprintf("it was brought back %d minutes ago already", int(ago.Minutes())), nil
	}
	jobs, err := undelete.JobsWithoutCheckpoints(ctx, k.client, record.Content, nil)
	switch {
	case err != nil:
		return "", err
	case len(jobs) == 0:
		return "", nil
	case k.now().Sub(seen) < checkpointsWait:
		return "", errTooEarly
	}
	return fmt.Sprintf("%d of its jobs would start from empty state, as the ConfigMap with the checkpoints is not there, for example job %s", len(jobs), jobs[0]), nil
}

// mayNotWrite says why the guard writes nothing where a ConfigMap was, whoever deleted it.
func (k *keeper) mayNotWrite(record *undelete.Record) string {
	now := k.now()
	current := k.surroundings.options.Policy()
	namespace, known := k.surroundings.Namespace(record.Namespace)
	modes, _ := current.ForNamespace(namespace.Labels)
	_, exempt := current.ExemptNamespace(record.Namespace, now)
	switch {
	case now.Sub(record.DeletedAt) > restoreWithin:
		return "the deletion was a while ago"
	case !known || !k.surroundings.trusted():
		return "its caches do not hold what the cluster has"
	case namespace.Deleting:
		return "the namespace is being deleted"
	case exempt || !modes.Edits():
		return "nothing is enforced in the namespace"
	}
	return ""
}

// mayBeMeant says why a deletion may be meant: by who did it, by what the ConfigMap says, or by what is left of the cluster. An account
// that nothing is known of may be an operator's, whose upgrade without the last state deletes it; people who tidy up stop the cluster first.
func (k *keeper) mayBeMeant(record *undelete.Record) string {
	by, now := record.Deletion, k.now()
	current, known := k.surroundings.options.Policy(), k.surroundings.feed.inventory
	_, isAccount := access.AccountOf(by.User)
	_, exemptUser := current.ExemptUser(by.User, now)
	collected := by.Deleter == validation.DeleterGarbageCollector
	use, _ := known.InUse(record.Namespace, record.Cluster, now)
	switch {
	case !by.Known():
		return "it is not known who deleted it"
	case by.Deleter == validation.DeleterFlink:
		return "Flink itself may have deleted it, when a job had ended"
	case !collected && by.Deleter != validation.DeleterOther:
		return fmt.Sprintf("the %s deleted it", deleterName(by.Deleter))
	case exemptUser:
		return "the user is exempt"
	case !collected && isAccount:
		return "a service account deleted it, which may be part of its work"
	case collected && !k.surroundings.strips(&inventory.HAState{Namespace: record.Namespace, Annotations: record.Content.Annotations}, now):
		return "its owner references were to stay, and it went with its owner"
	case exemptsDeletion(current, record.Content.Annotations, now):
		return "an annotation on it exempts it from the rule against its deletion"
	case use.Member == nil: // a lock is held for some seconds also after everything was deleted
		return "no workload of the cluster is known that is not being deleted"
	case !slices.ContainsFunc(known.Users(record.Namespace, record.Cluster), asksForJobManager):
		return "the cluster is suspended or scaled to 0"
	}
	return ""
}

// asksForJobManager tells whether a user of HA state is to run, and is neither suspended nor scaled to 0.
func asksForJobManager(user *inventory.Member) bool {
	if user.Resource != nil {
		return user.Resource.JobManagers > 0 && user.Resource.Job.State != workload.JobSuspended
	}
	return user.Replicas > 0
}

func exemptsDeletion(current *policy.Policy, annotations map[string]string, now time.Time) bool {
	only := func(id string) bool { return id == validation.RuleLiveHAStateDeleted }
	for _, exemption := range current.ObjectExemptions(annotations, only, now) {
		if exemption.Rule == validation.RuleLiveHAStateDeleted && exemption.Holds() {
			return true
		}
	}
	return false
}
