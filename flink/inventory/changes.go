package inventory

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// change runs what changes the inventory while nobody asks.
func (i *Inventory) change(now time.Time, publish func()) {
	i.asking.Lock()
	defer i.asking.Unlock()
	publish()
	i.dead.forget(now)
}

// SetMember adds or replaces a member. A member that is there under another uid was deleted, whether that was seen or not.
func (i *Inventory) SetMember(member *Member, now time.Time) {
	i.writing.Lock()
	defer i.writing.Unlock()
	settled := i.settle(member, i.lookup(member.Namespace))
	settled.Changed = now
	before, ok := i.members.all[member.Key]
	if ok && sameMember(before, settled) {
		settled.Changed = before.Changed
	}
	i.change(now, func() {
		if ok && replaced(before.UID, settled.UID) {
			i.dead.bury(&grave{member: before, entries: before.succession(), deleted: now})
		}
		i.members.put(settled)
	})
}

// replaced tells whether two objects of one key are two objects. Objects in files have no uid.
func replaced(before, after types.UID) bool { return before != "" && after != "" && before != after }

// DeleteMember removes a member and remembers it as a predecessor.
func (i *Inventory) DeleteMember(key Key, now time.Time) {
	i.writing.Lock()
	defer i.writing.Unlock()
	i.change(now, func() {
		if member, ok := i.members.all[key]; ok {
			i.members.remove(key)
			i.dead.bury(&grave{member: member, entries: member.succession(), deleted: now})
		}
	})
}

// SetConfigMap adds or replaces a (slim) ConfigMap with Flink configuration.
func (i *Inventory) SetConfigMap(configMap *corev1.ConfigMap, now time.Time) {
	i.writing.Lock()
	defer i.writing.Unlock()
	held := &configuration{ConfigMap: configMap, changed: now}
	before, ok := i.configMaps.all[held.key()]
	same := ok && sameConfigMap(before.ConfigMap, configMap)
	var affected []*Member
	if same {
		held.changed, held.clusters = before.changed, before.clusters
	} else {
		held.clusters = clustersOf(configMap)
		affected = i.identifyAgain(configMap.Namespace, configMap.Name, configMap)
	}
	i.change(now, func() {
		if ok && replaced(before.UID, configMap.UID) {
			i.dead.bury(&grave{configMap: before, entries: before.succession(), deleted: now})
		}
		i.configMaps.put(held)
		i.putAll(affected)
	})
}

// DeleteConfigMap removes a ConfigMap and remembers it as a predecessor.
func (i *Inventory) DeleteConfigMap(namespace, name string, now time.Time) {
	i.writing.Lock()
	defer i.writing.Unlock()
	key := configMapKey(namespace, name)
	before, ok := i.configMaps.all[key]
	if !ok {
		return
	}
	affected := i.identifyAgain(namespace, name, nil)
	i.change(now, func() {
		i.configMaps.remove(key)
		i.dead.bury(&grave{configMap: before, entries: before.succession(), deleted: now})
		i.putAll(affected)
	})
}

// identifyAgain returns, with their new identities, the members whose identities change with a ConfigMap; nil if it is gone.
func (i *Inventory) identifyAgain(namespace, name string, now *corev1.ConfigMap) []*Member {
	kept := i.lookup(namespace)
	lookup := func(asked string) (*corev1.ConfigMap, workload.Knowledge) {
		switch {
		case asked != name:
			return kept(asked)
		case now == nil:
			return nil, workload.Unknown
		}
		return now, workload.KnownInPart
	}
	var affected []*Member
	for _, member := range i.members.under[entry{namingConfigMap, namespace, name}] {
		if identity := member.identify(lookup); identity != member.Identity {
			again := *member
			again.Identity = identity
			affected = append(affected, &again)
		}
	}
	return affected
}

func (i *Inventory) putAll(members []*Member) {
	for _, member := range members {
		i.members.put(member)
	}
}

// SetOperatorDefaults sets the configuration of the Flink Kubernetes Operator; nil if there is none any more. All custom resources
// are read again.
func (i *Inventory) SetOperatorDefaults(defaults *workload.OperatorDefaults, now time.Time) {
	i.writing.Lock()
	defer i.writing.Unlock()
	i.asking.Lock()
	i.defaults = defaults
	i.asking.Unlock()
	var affected []*Member
	for _, member := range i.members.all {
		if member.Resource != nil {
			affected = append(affected, i.settle(member, nil))
		}
	}
	i.change(now, func() { i.putAll(affected) })
}
