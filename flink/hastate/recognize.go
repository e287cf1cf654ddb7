package hastate

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// LeaderAnnotation is the leader lock on an HA ConfigMap (io.fabric8.kubernetes.client.extended.leaderelection); the leading
// JobManager renews it every few seconds.
const LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader"

// Flink's labels on HA ConfigMaps (org.apache.flink.kubernetes.utils.Constants); the third one is gone in Flink 2.
const (
	labelApp              = "app"
	labelType             = "type"
	labelTypeNative       = "flink-native-kubernetes"
	labelConfigMapType    = "configmap-type"
	labelHighAvailability = "high-availability"
)

// haConfigMapName is how Flink names HA ConfigMaps: up to 1.14 one for each component and job, from 1.15 on one for the
// cluster and one for each job (KubernetesHaServices, KubernetesLeaderElectionHaServices).
var haConfigMapName = regexp.MustCompile(`^(.+)-(cluster-config-map|[0-9a-f]{32}-config-map|(dispatcher|resourcemanager|restserver|[0-9a-f]{32}-jobmanager)-leader)$`)

// Kind is what an HA ConfigMap is for.
type Kind string

// The kinds of HA ConfigMaps.
const (
	// KindCluster has the lock and the addresses of all components, and the job graphs, from 1.15 on.
	KindCluster Kind = "cluster"
	// KindJob has the checkpoints of a job, from 1.15 on.
	KindJob Kind = "job"
	// KindComponent has the lock and the address of one component, up to 1.14; the dispatcher's has the job graphs.
	KindComponent Kind = "component"
	// KindJobLeader has the lock, the address and the checkpoints of a job, up to 1.14.
	KindJobLeader Kind = "job-leader"
)

// Name is what the name of an HA ConfigMap says.
type Name struct {
	// Cluster is the kubernetes.cluster-id.
	Cluster string
	Kind    Kind
	// Job is the id of the job of KindJob and KindJobLeader.
	Job string
	// Component of KindComponent: dispatcher, resourcemanager or restserver.
	Component string
}

// Recognize tells whether a ConfigMap holds HA state, and of what. The name alone decides nothing: the leader annotation, Flink's
// labels or its data keys must confirm it. Flink up to 1.18 creates the leader ConfigMap without labels, Flink 2 has no label
// "configmap-type", and a JobManager that stopped in good order leaves a ConfigMap without data, so any one of the three counts.
func Recognize(configMap *corev1.ConfigMap) (Name, bool) {
	name, ok := parseName(configMap.Name)
	if !ok || !confirmed(configMap) {
		return Name{}, false
	}
	return name, true
}

func parseName(text string) (Name, bool) {
	match := haConfigMapName.FindStringSubmatch(text)
	if match == nil {
		return Name{}, false
	}
	name := Name{Cluster: match[1]}
	switch suffix := match[2]; {
	case suffix == "cluster-config-map":
		name.Kind = KindCluster
	case strings.HasSuffix(suffix, "-config-map"):
		name.Kind, name.Job = KindJob, strings.TrimSuffix(suffix, "-config-map")
	case strings.HasSuffix(suffix, "-jobmanager-leader"):
		name.Kind, name.Job = KindJobLeader, strings.TrimSuffix(suffix, "-jobmanager-leader")
	default:
		name.Kind, name.Component = KindComponent, strings.TrimSuffix(suffix, "-leader")
	}
	return name, true
}

func confirmed(configMap *corev1.ConfigMap) bool {
	if _, ok := configMap.Annotations[LeaderAnnotation]; ok {
		return true
	}
	if configMap.Labels[labelType] == labelTypeNative || configMap.Labels[labelConfigMapType] == labelHighAvailability {
		return true
	}
	for key := range configMap.Data {
		if isDataKey(key, configMap.Data) {
			return true
		}
	}
	return false
}

// isDataKey knows the data keys that only HA ConfigMaps hold (org.apache.flink.kubernetes.utils.Constants).
func isDataKey(key string, data map[string]string) bool {
	if isPointerKey(key) || strings.HasPrefix(key, prefixLeader) || strings.HasPrefix(key, prefixRegistry) {
		return true
	}
	// Up to 1.14 a leader ConfigMap has just these two, and a job's ConfigMap may have its counter alone.
	_, address := data[keyAddress]
	_, session := data[keySession]
	return address && session || key == keyCounter
}
