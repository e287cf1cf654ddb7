package inventory

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// PreviousMembers are what was, or is, there under the same identity and role as a member: first what is there, in the order of
// keys, then what was deleted, the latest first. The member need not be in the inventory. If its identity is not set, it is worked
// out; who has read its configuration already sets it with IdentityOf.
func (i *Inventory) PreviousMembers(of *Member, now time.Time) []*Member {
	i.asking.RLock()
	defer i.asking.RUnlock()
	asked := *of
	if asked.Identity == (Identity{}) {
		asked = *i.settle(of, i.lookup(of.Namespace))
	}
	succession := asked.succession()
	living := i.members.allUnder(succession)
	found := slices.DeleteFunc(living, func(m *Member) bool { return isItself(m.Key == of.Key, m.UID, of.UID) })
	for _, dead := range i.dead.lately(succession, now) {
		found = append(found, dead.member)
	}
	return found
}

// PreviousConfigMaps are the same for a ConfigMap.
func (i *Inventory) PreviousConfigMaps(of *corev1.ConfigMap, now time.Time) []*corev1.ConfigMap {
	asked := &configuration{ConfigMap: of, clusters: clustersOf(of)}
	i.asking.RLock()
	defer i.asking.RUnlock()
	succession := asked.succession()
	var found []*corev1.ConfigMap
	add := func(c *configuration) {
		if baseName(kindConfigMap, c.Name) == baseName(kindConfigMap, of.Name) || i.mayBeJobManagers(c) {
			found = append(found, c.ConfigMap)
		}
	}
	for _, c := range i.configMaps.allUnder(succession) {
		if !isItself(c.key() == asked.key(), c.UID, of.UID) {
			add(c)
		}
	}
	for _, dead := range i.dead.lately(succession, now) {
		add(dead.configMap)
	}
	return found
}

// isItself tells whether an object in the inventory is the one that is asked about. Where one of its key is there and another is
// created, the first is gone already and the news of it is on the way.
func isItself(sameKey bool, uid, asked types.UID) bool {
	return sameKey && (uid == "" || uid == asked)
}

// mayBeJobManagers tells whether a ConfigMap can have the role of another one for the same cluster: what only TaskManagers or clients
// mount says nothing of what the JobManager had.
func (i *Inventory) mayBeJobManagers(c *configuration) bool {
	mounting := i.members.under[entry{namingConfigMap, c.Namespace, c.Name}]
	return len(mounting) == 0 || slices.ContainsFunc(mounting, func(m *Member) bool { return m.Role == workload.RoleJobManager })
}

// allUnder returns the objects of several entries once each, in the order of their keys.
func (c *catalog[T]) allUnder(entries []entry) []T {
	var found []T
	for _, e := range entries {
		for _, object := range c.under[e] {
			if at, there := position(found, object.key()); !there {
				found = slices.Insert(found, at, object)
			}
		}
	}
	return found
}

// lately returns the graves of several entries once each, the latest first.
func (g *graveyard) lately(entries []entry, now time.Time) []*grave {
	var found []*grave
	for _, e := range entries {
		for _, dead := range g.under[e] {
			if !dead.isOld(now) {
				found = append(found, dead)
			}
		}
	}
	slices.SortFunc(found, func(a, b *grave) int { return b.number - a.number })
	return slices.Compact(found)
}
