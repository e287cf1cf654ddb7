package inventory

import (
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Use is how it shows that the HA state of a cluster is in use: by a workload or custom resource, by a leader, or both.
type Use struct {
	// Member that is, or describes, a JobManager of the cluster, and is not being deleted; nil if none is known.
	Member *Member
	// LedUntil is when the lock of its leader lapses; the zero time where nobody leads.
	LedUntil time.Time
}

// InUse tells whether the HA state of a cluster in a namespace is in use: a workload or custom resource of the cluster is there that is
// not being deleted, whether it runs just now or not, or a leader renews its lock. Where the inventory cannot be trusted to be
// complete, false is unknown.
func (i *Inventory) InUse(namespace, clusterID string, now time.Time) (use Use, inUse bool) {
	for _, state := range i.HAStates(namespace, clusterID) {
		if state.LedUntil.After(now) && state.LedUntil.After(use.LedUntil) {
			use.LedUntil = state.LedUntil
		}
	}
	for _, member := range i.WithClusterID(namespace, clusterID) {
		if !member.Deleting && member.Role != workload.RoleTaskManager {
			use.Member = member
			break
		}
	}
	return use, use.Member != nil || !use.LedUntil.IsZero()
}
