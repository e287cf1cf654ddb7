package cluster

import (
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// planAccountEvent plans an Event about the account of an object. As with findings, its name follows from what it says.
func planAccountEvent(what action, regarding corev1.ObjectReference, kind, note string) *eventsv1.Event {
	note = flink.Clip(note, maxNoteBytes)
	reason := eventReason("service-account-" + string(what))
	return &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Namespace: regarding.Namespace, Name: hashedName(regarding.Name, string(regarding.UID), regarding.Kind, reason, note)},
		ReportingController: managedByUs,
		Action:              "Provision",
		Type:                kind,
		Reason:              reason,
		Note:                note,
		Regarding:           regarding,
	}
}

// regardingMember is the object on which people read of a member: the custom resource that owns it, or the member itself.
func regardingMember(known *inventory.Inventory, member *inventory.Member) corev1.ObjectReference {
	if ownedByResource(member) {
		owner := topmostOwner(known, member)
		return corev1.ObjectReference{APIVersion: owner.APIVersion, Kind: owner.Kind, Namespace: member.Namespace, Name: owner.Name, UID: owner.UID}
	}
	version := workload.ResourceGroup + "/" + workload.ResourceVersion
	for _, kind := range workloadKinds() {
		if kind.name == member.Kind {
			version = kind.group.String()
		}
	}
	return corev1.ObjectReference{APIVersion: version, Kind: member.Kind, Namespace: member.Namespace, Name: member.Name, UID: member.UID}
}

func regardingAccount(account *corev1.ServiceAccount) corev1.ObjectReference {
	return corev1.ObjectReference{APIVersion: "v1", Kind: kindServiceAccount, Namespace: account.Namespace, Name: account.Name, UID: account.UID}
}
