package cluster

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// ownerRisk is how soon the garbage collector may delete an HA ConfigMap, as the metrics name it.
type ownerRisk string

// The risks, the gravest first.
const (
	// riskDeletion: it has tried, and was refused.
	riskDeletion ownerRisk = "deletion-refused"
	// riskOwnerGone: an owner is being deleted, or is not there. The collector deletes what has no other owner within a second.
	riskOwnerGone ownerRisk = "owner-gone"
	// riskOwnerUnseen: an owner is of a kind that is not watched, and may be gone as well.
	riskOwnerUnseen ownerRisk = "owner-unseen"
	// riskOwned: whenever somebody deletes the owner.
	riskOwned ownerRisk = "owned"
)

func ownerRisks() []ownerRisk {
	return []ownerRisk{riskDeletion, riskOwnerGone, riskOwnerUnseen, riskOwned}
}

// priority in the queue: what is at greater risk is freed first.
func (r ownerRisk) priority() int {
	switch r {
	case riskDeletion:
		return 2
	case riskOwnerGone, riskOwnerUnseen:
		return 1
	case riskOwned:
	}
	return 0
}

// certain tells whether the collector deletes the ConfigMap as soon as it can.
func (r ownerRisk) certain() bool { return r == riskDeletion || r == riskOwnerGone }

// ownerRiskOf tells how urgent an HA ConfigMap is.
func (s *Surroundings) ownerRiskOf(state *inventory.HAState) ownerRisk {
	if s.options.OwnerNotes.refused(nameOf(state)) {
		return riskDeletion
	}
	risk := riskOwned
	for i := range state.Owners {
		owner := &state.Owners[i]
		switch {
		case !s.stores.watches(owner.Kind):
			risk = riskOwnerUnseen
		case !s.showsOwner(state.Namespace, owner):
			return riskOwnerGone
		}
	}
	return risk
}

// showsOwner tells whether the caches show an owner of a kind that is watched in the namespace of what it owns, which stays. One in
// another namespace is none to the collector.
func (s *Surroundings) showsOwner(namespace string, owner *metav1.OwnerReference) bool {
	kept := s.stores.find(inventory.Key{Kind: owner.Kind, Namespace: namespace, Name: owner.Name})
	switch {
	case kept == nil:
		return false
	case kept.member == nil:
		return true // it runs nothing of Flink's, and its uid is not kept
	}
	return kept.UID == owner.UID && kept.DeletionTimestamp == nil
}
