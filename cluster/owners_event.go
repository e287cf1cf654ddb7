package cluster

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// What becomes of owner references, as the reasons of Events and the metrics name it, beside what admission makes of them.
const (
	ownersFreed   = "removed"
	ownersUnfreed = "not-removed"
)

// ownerEvent is what is told of owner references, on the ConfigMap and on each of its owners.
type ownerEvent struct {
	state  *inventory.HAState
	owners []metav1.OwnerReference
	// outcome and cause, such as who adds them, tell one Event from another; how often, since when and by which way is only told.
	outcome, cause string
	kind           string
	// text follows the name of the ConfigMap.
	text string
}

// plan plans the Events.
func (e *ownerEvent) plan() []*eventsv1.Event {
	configMap := corev1.ObjectReference{APIVersion: "v1", Kind: kindConfigMap, Namespace: e.state.Namespace, Name: e.state.Name, UID: e.state.UID}
	events := []*eventsv1.Event{e.on(configMap, nil)}
	for i := range e.owners[:min(len(e.owners), maxOwnersTold)] {
		owner := &e.owners[i]
		events = append(events, e.on(corev1.ObjectReference{
			APIVersion: owner.APIVersion, Kind: owner.Kind, Namespace: e.state.Namespace, Name: owner.Name, UID: owner.UID,
		}, &configMap))
	}
	return events
}

// on plans the Event on one object. Its name says who did what to which ConfigMap, and so the same is told once in an hour.
func (e *ownerEvent) on(regarding corev1.ObjectReference, related *corev1.ObjectReference) *eventsv1.Event {
	return &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: regarding.Namespace,
			Name:      hashedName(regarding.Name, string(regarding.UID), regarding.Kind, e.state.Name, string(e.state.UID), e.outcome, e.cause),
		},
		ReportingController: managedByUs,
		Action:              "StripOwnerReferences",
		Type:                e.kind,
		Reason:              eventReason("ha-owner-references-" + e.outcome),
		Note:                flink.Clip(fmt.Sprintf("ConfigMap %q, the HA state of Flink cluster %q: %s", e.state.Name, e.state.State.Cluster, e.text), maxNoteBytes),
		Regarding:           regarding,
		Related:             related,
	}
}

// planFreedEvents tell of owner references that were found and removed.
func planFreedEvents(state *inventory.HAState, risk ownerRisk) []*eventsv1.Event {
	setter := ""
	if state.OwnersManager != "" {
		setter = fmt.Sprintf(", set by field manager %q,", state.OwnersManager)
	}
	danger := "when an owner is deleted"
	switch risk {
	case riskDeletion:
		danger = "and was kept from it just now"
	case riskOwnerGone:
		danger = "at once, since an owner is being deleted or is not there"
	case riskOwnerUnseen:
		danger = "as soon as an owner is gone, which cannot be seen here"
	case riskOwned:
	}
	event := ownerEvent{
		state: state, owners: state.Owners, outcome: ownersFreed, kind: corev1.EventTypeNormal,
		text: fmt.Sprintf("its owner references to %s%s were removed. With them the garbage collector deletes it %s, and no job is recovered from its last checkpoint. %s",
			describeOwners(state.Owners), setter, danger, ownersAdvice(state.Owners)),
	}
	return event.plan()
}

// planUnfreedEvents tell of owner references that the guard may not remove. Admission holds back the garbage collector all the same, and
// so an owner that waits for what it owns is never gone. People look at that owner then.
func planUnfreedEvents(state *inventory.HAState, risk ownerRisk, err error) []*eventsv1.Event {
	danger, cause := "with which the garbage collector deletes it", ""
	if risk == riskDeletion {
		cause = string(risk) // what is told of a deletion is not silenced by what was told before there was one
		danger = "and keeps the garbage collector from deleting it: an owner that is deleted in the foreground stays until they are gone. " +
			"Remove them by hand, or let the state go by the annotation " + policy.AnnotationKeepOwnerReferences + ": \"YYYY-MM-DD why\""
	}
	event := ownerEvent{
		state: state, owners: state.Owners, outcome: ownersUnfreed, cause: cause, kind: corev1.EventTypeWarning,
		text: fmt.Sprintf("the guard cannot remove its owner references to %s, %s%s. %v", describeOwners(state.Owners), danger, remedyOfOwners(err), err),
	}
	return event.plan()
}

// planAdditionEvents tell who adds owner references, and what becomes of that.
func planAdditionEvents(state *inventory.HAState, writer ownerWriter, addition *ownerAddition) []*eventsv1.Event {
	event := ownerEvent{state: state, owners: addition.owners, outcome: string(addition.outcome), cause: writer.username, kind: corev1.EventTypeWarning}
	did := fmt.Sprintf("%q%s has added owner references to %s%s", writer.username, identified(addition), describeOwners(addition.owners), often(addition))
	const danger = "the garbage collector deletes it with its owner, and no job is recovered from its last checkpoint"
	switch addition.outcome {
	case admission.OwnersKept:
		event.kind = corev1.EventTypeNormal
		event.text = fmt.Sprintf("%s. They stay, as its annotation %s asks: %s", did, policy.AnnotationKeepOwnerReferences, danger)
	case admission.OwnersLeft:
		event.text = fmt.Sprintf("%s. They stay, since the policy changes nothing here: %s", did, danger)
	default:
		event.text = fmt.Sprintf("%s. The guard removes them from the request: with them %s. %s", did, danger, ownersAdvice(addition.owners))
	}
	return event.plan()
}

// identified is what a review tells of a user besides the name.
func identified(addition *ownerAddition) string {
	var told []string
	if addition.manager != "" {
		told = append(told, fmt.Sprintf("field manager %q", addition.manager))
	}
	if len(addition.groups) > 0 {
		told = append(told, "groups "+strings.Join(addition.groups, ", "))
	}
	if told == nil {
		return ""
	}
	return " (" + strings.Join(told, "; ") + ")"
}

func often(addition *ownerAddition) string {
	if addition.times == 1 {
		return ""
	}
	return fmt.Sprintf(", %d times since %s", addition.times, addition.since.UTC().Format("15:04:05 MST"))
}

// describeOwners names the first few owners.
func describeOwners(owners []metav1.OwnerReference) string {
	var names []string
	for i := range owners[:min(len(owners), maxOwnersTold)] {
		names = append(names, fmt.Sprintf("%s %q", owners[i].Kind, owners[i].Name))
	}
	if more := len(owners) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// ownersAdvice says what people may do about owner references.
func ownersAdvice(owners []metav1.OwnerReference) string {
	advice := fmt.Sprintf("Where that is wanted, annotate the ConfigMap: %s: \"YYYY-MM-DD why\"", policy.AnnotationKeepOwnerReferences)
	for i := range owners {
		if owners[i].Kind == "FlinkCluster" && strings.HasPrefix(owners[i].APIVersion, "flinkoperator.k8s.io/") {
			return "The operator of FlinkCluster adds them whenever it looks after the cluster, which does no harm. " + advice
		}
	}
	return advice
}

// remedyOfOwners says which right is missing.
func remedyOfOwners(err error) string {
	if !apierrors.IsForbidden(err) {
		return ""
	}
	return fmt.Sprintf(". If it is a right that is missing: the ClusterRole %s needs patch on configmaps and, where the API server has the admission plugin "+
		"OwnerReferencesPermissionEnforcement (as OpenShift has), delete as well", guardRole)
}
