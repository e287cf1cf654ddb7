package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// judge tells whether anybody uses the HA state of a cluster.
type judge struct {
	now     time.Time
	members []*inventory.Member
	unread  []Unread
}

// rule decides on a cluster. What speaks for a use counts more than what speaks against it, and what cannot be known is no orphan.
func (j *judge) rule(cluster *Cluster) {
	var users []*inventory.Member
	doubt := ""
	for _, member := range j.members {
		uses, perhaps := relation(member, cluster.Namespace, cluster.ID)
		if uses {
			users = append(users, member)
		}
		if doubt == "" && perhaps != "" {
			doubt = fmt.Sprintf(perhaps, nameOf(member, cluster.Namespace))
		}
	}
	switch {
	case len(users) > 0:
		slices.SortStableFunc(users, func(a, b *inventory.Member) int { return cmp.Compare(rank(a), rank(b)) })
		user := objectOf(users[0])
		cluster.Use, cluster.User, cluster.Reason = Live, &user, nameOf(users[0], cluster.Namespace)+" is there"
		if path := flink.RedactURI(users[0].Identity.StoragePath); path != "" && !slices.Contains(cluster.StoragePaths, path) {
			cluster.StoragePaths = slices.Insert(cluster.StoragePaths, 0, path)
		}
	case cluster.Leader != nil && cluster.Leader.Held:
		cluster.Use, cluster.Reason = Led, "its leader renews the lock, and no workload of it was seen"
	case len(j.unread) > 0:
		cluster.Use, cluster.Reason = Unknown, "nobody leads, and not all that could was read: "+resourcesOf(j.unread)
	case doubt != "":
		cluster.Use, cluster.Reason = Unknown, "nobody leads, and "+doubt
	default:
		cluster.Use, cluster.Reason = Orphaned, "nobody leads, and no workload or custom resource of it is there"
	}
}

// rank has a custom resource go before the workload that the operator makes of it.
func rank(member *inventory.Member) int {
	if member.Resource != nil {
		return 0
	}
	return 1
}

// Why a member may use, or speak for a use of, HA state.
const (
	doubtProgram     = "%s runs something of Flink's, it is not known what"
	doubtClusterID   = "the cluster-id of %s is not known"
	doubtNamespace   = "the kubernetes.namespace of %s is not known"
	doubtTaskManager = "%s of its TaskManagers is there"
	doubtDeleting    = "%s is being deleted"
)

// relation tells whether a member is, or describes, a JobManager of a cluster; or why it may be one, or speaks for one.
func relation(member *inventory.Member, namespace, id string) (uses bool, perhaps string) {
	identity := member.Identity
	switch {
	case member.Client || slices.Contains(member.ConfigMaps, flink.OperatorConfigMap):
		return false, ""
	case member.Resource == nil && member.Role == "":
		// An image that starts by itself, which may start anything.
		return false, doubtIf(member.Namespace == namespace, doubtProgram)
	case identity.ClusterID == "":
		return false, doubtIf(mayBe(member, namespace, id), doubtClusterID)
	case identity.ClusterID != id || identity.Namespace != "" && identity.Namespace != namespace:
		return false, ""
	case identity.Namespace == "":
		return false, doubtNamespace
	case member.Role == workload.RoleTaskManager:
		return false, doubtTaskManager
	case member.Deleting:
		return false, doubtDeleting
	}
	return true, ""
}

func doubtIf(doubtful bool, reason string) string {
	if doubtful {
		return reason
	}
	return ""
}

// mayBe tells whether a member whose cluster-id is not known may keep its HA state under one in a namespace. Whose namespace is not
// known either is taken to keep it in the one that it runs in.
func mayBe(member *inventory.Member, namespace, id string) bool {
	if member.Role == workload.RoleTaskManager || cmp.Or(member.Identity.Namespace, member.Namespace) != namespace {
		return false
	}
	if member.Resource != nil && member.Resource.Kind == workload.KindBlueGreenDeployment {
		return strings.HasPrefix(id, member.Name+"-")
	}
	return member.Identity.Mode != flink.ModeNone && member.Identity.Mode != flink.ModeZooKeeper
}

func objectOf(member *inventory.Member) Object {
	return Object{member.Kind, member.Namespace, member.Name}
}

// nameOf names a member to who looks at a namespace.
func nameOf(member *inventory.Member, namespace string) string {
	if member.Namespace == namespace {
		return member.Kind + " " + member.Name
	}
	return fmt.Sprintf("%s %s of namespace %s", member.Kind, member.Name, member.Namespace)
}

func resourcesOf(unread []Unread) string {
	names := make([]string, len(unread))
	for i, one := range unread {
		names[i] = one.Resource
	}
	return strings.Join(slices.Compact(names), ", ")
}
