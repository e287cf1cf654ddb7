package inventory

import (
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Inventory is safe for concurrent use. All times come from its caller. What goes in must not be changed afterwards, and what comes
// out is shared and must not be changed either.
type Inventory struct {
	// writing is held by who changes the inventory, all along; nobody else does then. Configurations are read under it alone, so
	// that many of them hold nobody up who only asks.
	writing sync.Mutex
	// asking is held as well for the moment in which what follows is changed, and by everybody who asks.
	asking sync.RWMutex

	members    catalog[*Member]
	configMaps catalog[*configuration]
	dead       graveyard
	states     haStates
	defaults   *workload.OperatorDefaults
}

type (
	configMapName struct{ namespace, name string }
	clusterName   struct{ namespace, id string }
)

// New returns an empty inventory.
func New() *Inventory {
	return &Inventory{
		members:    newCatalog[*Member](),
		configMaps: newCatalog[*configuration](),
		dead:       newGraveyard(),
		states:     newHAStates(),
	}
}

// lookup finds the ConfigMaps of a namespace for who reads a process there. Those that are kept may lack keys in which no
// configuration was seen, and one that is not kept may hold anything.
func (i *Inventory) lookup(namespace string) configMapLookup {
	return func(name string) (*corev1.ConfigMap, workload.Knowledge) {
		if found, ok := i.configMaps.all[configMapKey(namespace, name)]; ok {
			return found.ConfigMap, workload.KnownInPart
		}
		return nil, workload.Unknown
	}
}

// settle returns a member as it is kept: with what depends on the rest of the inventory.
func (i *Inventory) settle(member *Member, lookup configMapLookup) *Member {
	settled := *member
	if settled.Resource != nil {
		if resource, ok := workload.RecognizeResource(settled.Content, i.defaults); ok {
			resource.Version = settled.Resource.Version // who put it in may know better
			settled.Resource = &resource
		}
	}
	settled.Identity = settled.identify(lookup)
	return &settled
}

// clusterIDPart is in every spelling of kubernetes.cluster-id, also in nested YAML.
const clusterIDPart = "cluster-id"

// clustersOf are the clusters that the files of a ConfigMap are for. Whoever put it into the inventory says that it is Flink's.
func clustersOf(configMap *corev1.ConfigMap) []string {
	if !strings.Contains(configMap.Data[flink.LegacyFile], clusterIDPart) && !strings.Contains(configMap.Data[flink.StandardFile], clusterIDPart) {
		return nil
	}
	var clusters []string
	for _, read := range flink.ConfigMapConfigurations(configMap, true) {
		cluster := IdentityOf(read, flink.FileVersion(read)).cluster(configMap.Namespace)
		if cluster != "" && (len(clusters) == 0 || clusters[0] != cluster) {
			clusters = append(clusters, cluster)
		}
	}
	return clusters
}
