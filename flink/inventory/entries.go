package inventory

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Labels by which people tell the pods of one cluster from others: the one that Flink's documentation and its native client use,
// and the one that Kubernetes recommends and charts set to the name of their release.
const (
	labelApp      = "app"
	labelInstance = "app.kubernetes.io/instance"
)

func (m *Member) key() Key { return m.Key }

// entries are the places in the indexes that a member is found at.
func (m *Member) entries() []entry {
	found := make([]entry, 0, 7+len(m.ConfigMaps))
	found = append(found, entry{index: inNamespace, namespace: m.Namespace})
	for _, name := range m.ConfigMaps {
		found = append(found, entry{namingConfigMap, m.Namespace, name})
	}
	if m.Role != "" && m.Template != nil {
		if value := m.Template.Labels[labelApp]; value != "" {
			found = append(found, entry{labelledApp, m.Namespace, value})
		}
		if value := m.Template.Labels[labelInstance]; value != "" {
			found = append(found, entry{labelledInstance, m.Namespace, value})
		}
	}
	if m.Role == workload.RoleJobManager || m.Resource != nil {
		if m.Identity.StoragePath != "" {
			found = append(found, entry{index: withStoragePath, value: m.Identity.StoragePath})
		}
		if m.Identity.holdsConfigMaps() {
			found = append(found, entry{withClusterID, m.Identity.Namespace, m.Identity.ClusterID})
		}
	}
	return append(found, m.succession()...)
}

// holdsConfigMaps tells whether there are HA ConfigMaps of which it is known where they are.
func (i Identity) holdsConfigMaps() bool {
	return i.Mode == flink.ModeKubernetes && i.Namespace != "" && i.ClusterID != ""
}

// succession are the entries that a member shares with those that it replaces, and with those that replace it. Only what is in one
// namespace follows upon another: who may write there is responsible for both.
func (m *Member) succession() []entry {
	found := []entry{{namedAlike, m.Namespace, m.Kind + " " + baseName(m.Kind, m.Name)}}
	if cluster := m.Identity.cluster(m.Namespace); cluster != "" {
		found = append(found, entry{sameCluster, m.Namespace, string(m.Role) + " " + cluster})
	}
	return found
}

// kindConfigMap is the kind in the keys of ConfigMaps.
const kindConfigMap = "ConfigMap"

// configuration is a ConfigMap in the inventory.
type configuration struct {
	*corev1.ConfigMap
	changed time.Time
	// clusters that its files are for, as Identity.cluster names them.
	clusters []string
}

func configMapKey(namespace, name string) Key {
	return Key{Kind: kindConfigMap, Namespace: namespace, Name: name}
}

func (c *configuration) key() Key { return configMapKey(c.Namespace, c.Name) }

func (c *configuration) entries() []entry {
	return append([]entry{{index: inNamespace, namespace: c.Namespace}}, c.succession()...)
}

func (c *configuration) succession() []entry {
	found := []entry{{namedAlike, c.Namespace, kindConfigMap + " " + baseName(kindConfigMap, c.Name)}}
	for _, cluster := range c.clusters {
		found = append(found, entry{sameCluster, c.Namespace, kindConfigMap + " " + cluster})
	}
	return found
}
