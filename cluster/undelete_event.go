package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// tell writes Events about a deletion: on the workload or custom resource of the cluster, where one is known, and on the ConfigMap.
func (k *keeper) tell(ctx context.Context, entry *undelete.Entry, next string) error {
	o := k.surroundings.options
	note := fmt.Sprintf("%s deleted HA ConfigMap %q, which says what Flink cluster %q recovers; the guard keeps it until %s; %s",
		who(&entry.Deletion), entry.ConfigMap, entry.Cluster, entry.DeletedAt.Add(o.keepFor()).UTC().Format(time.DateOnly), next)
	regarding := []corev1.ObjectReference{{APIVersion: "v1", Kind: "ConfigMap", Namespace: entry.Namespace, Name: entry.ConfigMap, UID: entry.UID}}
	known := k.surroundings.feed.inventory
	for _, member := range known.WithClusterID(entry.Namespace, entry.Cluster) {
		if member.Role != workload.RoleTaskManager {
			regarding = append(regarding, regardingMember(known, member))
			break
		}
	}
	var failures []error
	for _, object := range regarding {
		failures = append(failures, k.events.write(ctx, planDeletionEvent(entry, object, note)))
	}
	return errors.Join(failures...)
}

// planDeletionEvent plans the Event that tells of a deletion. Its name follows from what it says and of which ConfigMap.
func planDeletionEvent(entry *undelete.Entry, regarding corev1.ObjectReference, note string) *eventsv1.Event {
	note = flink.Clip(note, maxNoteBytes)
	return &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Namespace: regarding.Namespace, Name: hashedName(regarding.Name, string(regarding.UID), regarding.Kind, string(entry.UID), note)},
		ReportingController: managedByUs,
		Action:              "Keep",
		Type:                corev1.EventTypeWarning,
		Reason:              "HAStateDeleted",
		Note:                note,
		Regarding:           regarding,
	}
}

// restoreCommand is what brings back the HA state of the cluster.
func restoreCommand(entry *undelete.Entry) string {
	return fmt.Sprintf("flink-ha-webhook state restore -n %s %s", entry.Namespace, entry.Cluster)
}

// who is the subject of a sentence about a deletion.
func who(deletion *undelete.Deletion) string {
	if !deletion.Known() {
		return "somebody (no review told who)"
	}
	switch deletion.Deleter {
	case validation.DeleterOther:
		return fmt.Sprintf("user %q", deletion.User)
	case validation.DeleterFlink:
		return fmt.Sprintf("an account that may be Flink's (%s)", deletion.User)
	case validation.DeleterOperator, validation.DeleterGarbageCollector, validation.DeleterNamespaceController:
	}
	return fmt.Sprintf("the %s (%s)", deleterName(deletion.Deleter), deletion.User)
}

// deleterName is a capacity in words.
func deleterName(deleter validation.Deleter) string {
	switch deleter {
	case validation.DeleterFlink:
		return "JobManager"
	case validation.DeleterOperator:
		return "operator"
	case validation.DeleterGarbageCollector:
		return "garbage collector"
	case validation.DeleterNamespaceController:
		return "namespace controller"
	case validation.DeleterOther:
	}
	return "user"
}
