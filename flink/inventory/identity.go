package inventory

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// IdentityOf resolves what a cluster with a configuration can collide in. Where the HA data is counts only if Flink looks there,
// which it does with the high availability of Kubernetes and of ZooKeeper (HighAvailabilityServicesUtils); what a factory class
// of somebody's does is not known.
func IdentityOf(configuration flink.Configuration, version flink.Version) Identity {
	mode := flink.ResolveHighAvailability(configuration, version).Mode
	return Identify(configuration, version, mode, func() flink.Storage { return flink.ResolveStorage(configuration, version) })
}

// Identify is IdentityOf for those who have resolved the mode already, and perhaps the storage.
func Identify(configuration flink.Configuration, version flink.Version, mode flink.Mode, storage func() flink.Storage) Identity {
	identity := Identity{
		Mode:      mode,
		Namespace: knownValue(configuration.Get(flink.KeyNamespace, version)),
		ClusterID: knownValue(configuration.Get(flink.KeyClusterID, version)),
	}
	switch mode {
	case flink.ModeKubernetes, flink.ModeZooKeeper:
		identity.StoragePath = storage().Path
	default:
	}
	return identity
}

// knownValue is what Flink has for an option, "" where that is not known.
func knownValue(reading flink.Reading) string {
	if value := reading.Value(); reading.Unknown == "" && !flink.IsExpanded(value) {
		return value
	}
	return ""
}

// configMapLookup finds a ConfigMap of one namespace.
type configMapLookup func(name string) (*corev1.ConfigMap, workload.Knowledge)

// identify is the identity of a member. What describes a cluster of its own has one: a client has none, and a FlinkSessionJob is
// part of the cluster that it runs in.
func (m *Member) identify(lookup configMapLookup) Identity {
	switch {
	case m.Resource != nil && m.Resource.Kind != workload.KindSessionJob:
		return IdentityOf(m.Resource.Configuration, m.Resource.Version)
	case m.Resource != nil, m.Role == "":
		return Identity{}
	}
	configuration := m.Process.Configuration(workload.Surroundings{Namespace: m.Namespace, ConfigMap: lookup})
	return IdentityOf(configuration, m.Process.Version)
}

// cluster names the cluster of an identity among those of a namespace, "" if that is not known. It is the place of the HA
// ConfigMaps, whatever the mode: a cluster keeps its name when high availability is switched on.
func (i Identity) cluster(namespace string) string {
	if i.ClusterID == "" {
		return ""
	}
	if i.Namespace != "" {
		namespace = i.Namespace
	}
	return namespace + "/" + i.ClusterID
}
