package cluster

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// restoreWithin is how long after a deletion the guard itself brings a ConfigMap back. Later than that a new leader has long decided
// what there is to recover, and people have begun to see to it.
const restoreWithin = time.Minute

// actOn does what a deletion asks for, once it is known who did it or that nobody will say.
func (k *keeper) actOn(ctx context.Context, entry *undelete.Entry) error {
	if by := entry.Deletion.Deleter; by == validation.DeleterFlink || by == validation.DeleterOperator {
		return nil // part of their work
	}
	next := "to bring it back: " + restoreCommand(entry)
	if k.surroundings.options.restores() && entry.RestoredAt.IsZero() {
		outcome, err := k.restore(ctx, entry)
		if err != nil {
			return err
		}
		next = outcome
	}
	return k.tell(ctx, entry, next)
}

// restore brings a ConfigMap back, unless something speaks against it, and says what came of it.
func (k *keeper) restore(ctx context.Context, entry *undelete.Entry) (string, error) {
	byHand := func(because string) string {
		return "the guard does not bring it back by itself, because " + because + "; to do so: " + restoreCommand(entry)
	}
	record, err := k.archive.Read(ctx, *entry)
	if err != nil {
		return "", err
	}
	if because := k.mayNotRestore(&record); because != "" {
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
	restart, err := undelete.NeedsRestart(ctx, k.client, plan, &record, k.now())
	switch {
	case err != nil:
		log.FromContext(ctx).Error(err, "Looking for a leader that has to be restarted")
	case restart:
		return "the guard has brought it back; a JobManager leads without its jobs by now and has to be restarted", nil
	}
	return "the guard has brought it back", nil
}

// mayNotRestore says why the guard leaves it to people to bring a ConfigMap back; "" if it does not. In doubt it does: state that
// comes back under a new cluster of the same name brings jobs back that were ended on purpose.
func (k *keeper) mayNotRestore(record *undelete.Record) string {
	o, now := k.surroundings.options, k.now()
	current := o.Policy()
	namespace, known := k.surroundings.Namespace(record.Namespace)
	modes, _ := current.ForNamespace(namespace.Labels)
	_, exempt := current.ExemptNamespace(record.Namespace, now)
	_, exemptUser := current.ExemptUser(record.Deletion.User, now)
	use, _ := k.surroundings.feed.inventory.InUse(record.Namespace, record.Cluster, now)
	switch {
	case !record.Deletion.Known():
		return "it is not known who deleted it"
	case record.Deletion.Deleter != validation.DeleterOther && record.Deletion.Deleter != validation.DeleterGarbageCollector:
		return fmt.Sprintf("the %s deleted it", deleterName(record.Deletion.Deleter))
	case now.Sub(record.DeletedAt) > restoreWithin:
		return "the deletion was a while ago"
	case !known || !k.surroundings.trusted():
		return "its caches do not hold what the cluster has"
	case namespace.Deleting:
		return "the namespace is being deleted"
	case exempt || !modes.Edits():
		return "nothing is enforced in the namespace"
	case exemptUser:
		return "the user is exempt"
	case exemptsDeletion(current, record.Content.Annotations, now):
		return "an annotation on it exempts it from the rule against its deletion"
	case use.Member == nil: // a lock is held for some seconds also after everything was deleted
		return "no workload of the cluster is known that is not being deleted"
	}
	return ""
}

// ruleLiveStateDeleted is the rule that judges deletions of HA state.
const ruleLiveStateDeleted = "live-ha-state-deleted"

func exemptsDeletion(current *policy.Policy, annotations map[string]string, now time.Time) bool {
	only := func(id string) bool { return id == ruleLiveStateDeleted }
	for _, exemption := range current.ObjectExemptions(annotations, only, now) {
		if exemption.Rule == ruleLiveStateDeleted && exemption.Holds() {
			return true
		}
	}
	return false
}
