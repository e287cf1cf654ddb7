package validation

import (
	"fmt"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// neighbours are clusters that share something with the subject and are not the subject's own.
type neighbours struct {
	// near are those in the subject's namespace, of which the requester may hear; far are the names of those elsewhere.
	near []*inventory.Member
	far  []string
	// since is when the youngest of them last changed.
	since time.Time
}

// neighbours picks from the members that share something those that are other clusters.
func (s *Subject) neighbours(sharing []*inventory.Member, isOwn func(*inventory.Member) bool) neighbours {
	var found neighbours
	for _, member := range sharing {
		switch {
		case isSameCluster(s.Member, member) || isOwn != nil && isOwn(member):
			continue
		case member.Namespace == s.Member.Namespace:
			found.near = append(found.near, member)
		default:
			found.far = append(found.far, member.Namespace+"/"+member.Kind+"/"+member.Name)
		}
		if member.Changed.After(found.since) {
			found.since = member.Changed
		}
	}
	return found
}

// isSameCluster tells whether two members are parts, or one the successor, of the same cluster: what replaces the other, what
// owns it, and what the same object owns.
func isSameCluster(one, other *inventory.Member) bool {
	if one.Namespace != other.Namespace {
		return false
	}
	owner := one.Owner
	return one.Key.Replaces(other.Key) || owns(one, other) || owns(other, one) ||
		owner.Name != "" && owner.Kind == other.Owner.Kind && owner.Name == other.Owner.Name
}

func owns(owner, member *inventory.Member) bool {
	return member.Owner.Name == owner.Name && member.Owner.Kind == owner.Kind
}

func (n neighbours) none() bool { return len(n.near)+len(n.far) == 0 }

// String names them as the requester may hear it.
func (n neighbours) String() string {
	switch others := len(n.near) + len(n.far) - 1; {
	case len(n.near) == 0 && others == 0:
		return "another cluster"
	case len(n.near) == 0:
		return fmt.Sprintf("%d other clusters", others+1)
	case others == 0:
		return fmt.Sprintf("the %s %q", n.near[0].Kind, n.near[0].Name)
	default:
		return fmt.Sprintf("the %s %q and %d more", n.near[0].Kind, n.near[0].Name, others)
	}
}
