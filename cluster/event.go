package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Limits of the API server for an Event and for names.
const (
	maxNoteBytes = 1024
	maxNameBytes = 253
)

// eventHashBytes make the names of two Events different.
const eventHashBytes = 8

// planEvent plans the Event that tells of a finding about a member, on its owner. Its name follows from what it says, so that
// the same is said once, whoever says it: the API server takes no second Event of a name while it keeps the first, for an hour.
func planEvent(owner inventory.Owner, member *inventory.Member, finding validation.Finding) *eventsv1.Event {
	note := flink.Clip(finding.Brief(maxNoteBytes), maxNoteBytes)
	return &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Namespace: member.Namespace, Name: hashedName(owner.Name, string(owner.UID), member.Kind, member.Name, finding.Rule, note)},
		ReportingController: managedByUs,
		Action:              "Judge",
		Type:                corev1.EventTypeWarning,
		Reason:              eventReason(finding.Rule),
		Note:                note,
		Regarding: corev1.ObjectReference{
			APIVersion: owner.APIVersion, Kind: owner.Kind, Namespace: member.Namespace, Name: owner.Name, UID: owner.UID,
		},
		Related: &corev1.ObjectReference{Kind: member.Kind, Namespace: member.Namespace, Name: member.Name, UID: member.UID},
	}
}

// hashedName is the name of the object that an Event is about, as kubectl's Events have it, and a hash of what the Event says.
func hashedName(object string, parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write([]byte(part))
		hash.Write([]byte{0})
	}
	suffix := "." + hex.EncodeToString(hash.Sum(nil)[:eventHashBytes])
	// A name that was cut may end in what no part of a name ends in.
	return strings.TrimRight(object[:min(len(object), maxNameBytes-len(suffix))], ".-") + suffix
}

// eventReason is a rule's id in the spelling of Events: StorageDirMissing.
func eventReason(rule string) string {
	if rule == "" {
		return "HighAvailability"
	}
	var reason strings.Builder
	for word := range strings.SplitSeq(rule, "-") {
		if word != "" {
			reason.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return reason.String()
}
