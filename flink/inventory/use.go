package inventory

import (
	"cmp"
	"math"
	"slices"
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
	if users := i.Users(namespace, clusterID); len(users) > 0 {
		use.Member = users[0]
	}
	return use, use.Member != nil || !use.LedUntil.IsZero()
}

// Users are the members that use the HA state of a cluster in a namespace, as far as is known. Those of the same namespace count whatever
// their mode: what the operator adds to a custom resource may not be known.
func (i *Inventory) Users(namespace, clusterID string) []*Member {
	users := slices.DeleteFunc(i.WithClusterID(namespace, clusterID), func(member *Member) bool { return !member.mayLead() })
	beside, _ := i.InNamespace(namespace, math.MaxInt)
	for _, member := range beside {
		if member.Identity.ClusterID == clusterID && cmp.Or(member.Identity.Namespace, namespace) == namespace && member.mayLead() && !slices.Contains(users, member) {
			users = append(users, member)
		}
	}
	return users
}

// mayLead tells whether a member that is not on its way out is, or describes, a JobManager.
func (m *Member) mayLead() bool { return !m.Deleting && m.Role != workload.RoleTaskManager }
