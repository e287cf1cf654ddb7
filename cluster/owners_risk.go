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
	// riskOwnerGone: an owner is being deleted, or cannot be seen. The collector deletes what has no other owner within a second.
	riskOwnerGone ownerRisk = "owner-gone"
	// riskOwned: whenever somebody deletes the owner.
	riskOwned ownerRisk = "owned"
)

func ownerRisks() []ownerRisk { return []ownerRisk{riskDeletion, riskOwnerGone, riskOwned} }

// priority in the queue: what is at greater risk is freed first.
func (r ownerRisk) priority() int {
	switch r {
	case riskDeletion:
		return 2
	case riskOwnerGone:
		return 1
	case riskOwned:
	}
	return 0
}

// ownerRiskOf tells how urgent an HA ConfigMap is.
func (s *Surroundings) ownerRiskOf(state *inventory.HAState) ownerRisk {
	if s.options.OwnerNotes.refused(nameOf(state)) {
		return riskDeletion
	}
	for i := range state.Owners {
		if !s.showsOwner(state.Namespace, &state.Owners[i]) {
			return riskOwnerGone
		}
	}
	return riskOwned
}

// showsOwner tells whether the caches show an owner in the namespace of what it owns, which stays. One of a kind that is not watched
// may be there all the same, and one in another namespace is none to the collector.
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
