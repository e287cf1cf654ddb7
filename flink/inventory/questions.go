package inventory

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// ConfigMap returns a ConfigMap and since when it is unchanged.
func (i *Inventory) ConfigMap(namespace, name string) (configMap *corev1.ConfigMap, changed time.Time, ok bool) {
	i.asking.RLock()
	defer i.asking.RUnlock()
	found, ok := i.configMaps.all[configMapKey(namespace, name)]
	if !ok {
		return nil, time.Time{}, false
	}
	return found.ConfigMap, found.changed, true
}

// Member returns the member of a key.
func (i *Inventory) Member(key Key) (*Member, bool) {
	i.asking.RLock()
	defer i.asking.RUnlock()
	member, ok := i.members.all[key]
	return member, ok
}

// Mounting are the workloads of a namespace whose template names a ConfigMap, in a fixed order.
func (i *Inventory) Mounting(namespace, configMap string) []*Member {
	i.asking.RLock()
	defer i.asking.RUnlock()
	return slices.Clone(i.members.under[entry{namingConfigMap, namespace, configMap}])
}

// WithStoragePath are the JobManagers, and the resources, that keep their HA data under a path, in a fixed order. A workload that a
// custom resource owns is left out where the resource is there and it is known where it keeps its data.
func (i *Inventory) WithStoragePath(path string) []*Member {
	return i.clusters(entry{index: withStoragePath, value: path}, func(owner Identity) bool { return owner.StoragePath != "" })
}

// WithClusterID are those whose HA ConfigMaps are in a namespace under an id, likewise.
func (i *Inventory) WithClusterID(namespace, clusterID string) []*Member {
	return i.clusters(entry{withClusterID, namespace, clusterID}, Identity.holdsConfigMaps)
}

// clusters are the members at an entry, without the workloads whose owner speaks for them.
func (i *Inventory) clusters(e entry, speaks func(Identity) bool) []*Member {
	i.asking.RLock()
	defer i.asking.RUnlock()
	var found []*Member
	for _, member := range i.members.under[e] {
		if owner, ok := i.ownerOf(member); !ok || !speaks(owner.Identity) {
			found = append(found, member)
		}
	}
	return found
}

// ownerOf is the custom resource that a workload belongs to. An owner of another uid is no owner: the garbage collector is about to
// remove what points to it.
func (i *Inventory) ownerOf(member *Member) (*Member, bool) {
	if member.Resource != nil || !strings.HasPrefix(member.Owner.APIVersion, workload.ResourceGroup+"/") {
		return nil, false
	}
	owner, ok := i.members.all[Key{Kind: member.Owner.Kind, Namespace: member.Namespace, Name: member.Owner.Name}]
	return owner, ok && !replaced(owner.UID, member.Owner.UID)
}

// Siblings are the other Flink processes of a namespace that seem to belong to the same cluster as a template: they name a common
// ConfigMap with configuration, or have the same label app (or app.kubernetes.io/instance) in their pod templates. What has another
// app.kubernetes.io/instance is another release of a chart, and no sibling. The order is fixed.
func (i *Inventory) Siblings(of *Member) []*Member {
	if of.Template == nil || of.Role == "" {
		return nil
	}
	i.asking.RLock()
	defer i.asking.RUnlock()
	places := i.sharedConfigurations(of)
	app, instance := of.Template.Labels[labelApp], of.Template.Labels[labelInstance]
	if app != "" {
		places = append(places, entry{labelledApp, of.Namespace, app})
	}
	if instance != "" {
		places = append(places, entry{labelledInstance, of.Namespace, instance})
	}
	return slices.DeleteFunc(i.members.allUnder(places), func(m *Member) bool {
		return m.Key == of.Key || m.Role == "" || isOtherInstance(m, instance)
	})
}

// sharedConfigurations are the entries of the ConfigMaps with configuration that others name as well: those that are kept, and those
// that were not seen yet and are mounted where the process looks for its configuration.
func (i *Inventory) sharedConfigurations(of *Member) []entry {
	var shared []entry
	var mounted []string
	for _, name := range of.ConfigMaps {
		e := entry{namingConfigMap, of.Namespace, name}
		if list := i.members.under[e]; len(list) == 0 || len(list) == 1 && list[0].Key == of.Key {
			continue
		}
		_, kept := i.configMaps.all[configMapKey(of.Namespace, name)]
		if !kept && mounted == nil {
			mounted = append(of.Process.ConfigMaps(), "") // not nil: it is asked once
		}
		if kept || slices.Contains(mounted, name) {
			shared = append(shared, e)
		}
	}
	return shared
}

func isOtherInstance(member *Member, instance string) bool {
	other := member.Template.Labels[labelInstance]
	return instance != "" && other != "" && instance != other
}

// InNamespace are the members of a namespace, at most limit, in a fixed order, and how many there are.
func (i *Inventory) InNamespace(namespace string, limit int) ([]*Member, int) {
	i.asking.RLock()
	defer i.asking.RUnlock()
	return i.members.first(entry{index: inNamespace, namespace: namespace}, limit)
}

// ConfigMapsIn are the ConfigMaps of a namespace, likewise.
func (i *Inventory) ConfigMapsIn(namespace string, limit int) ([]*corev1.ConfigMap, int) {
	i.asking.RLock()
	defer i.asking.RUnlock()
	first, all := i.configMaps.first(entry{index: inNamespace, namespace: namespace}, limit)
	found := make([]*corev1.ConfigMap, len(first))
	for at, held := range first {
		found[at] = held.ConfigMap
	}
	return found, all
}

// OperatorDefaults returns the operator's configuration, nil if it is not known.
func (i *Inventory) OperatorDefaults() *workload.OperatorDefaults {
	i.asking.RLock()
	defer i.asking.RUnlock()
	return i.defaults
}
