package hastate

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// labelComponent is "autoscaler" on what the operator's autoscaler keeps of a cluster.
const (
	labelComponent           = "component"
	labelComponentAutoscaler = "autoscaler"
)

// namesOfFlink begin the names of the other ConfigMaps that Flink gives the labels of its HA state: configuration, pod template, Hadoop's
// and Kerberos' files (org.apache.flink.kubernetes.utils.Constants). They go with the cluster, as they should.
func namesOfFlink() []string {
	return []string{"flink-config-", "pod-template-", "hadoop-config-", "kerberos-"}
}

// TakenForState tells whether the Flink Kubernetes Operator takes a ConfigMap for HA state of a cluster although it is none of Flink's:
// it deletes HA state by the labels app and type alone (FlinkUtils.deleteKubernetesHAMetadata). What
// something owns is left to its owner.
func TakenForState(configMap *corev1.ConfigMap) (cluster string, taken bool) {
	cluster = configMap.Labels[labelApp]
	if cluster == "" || configMap.Labels[labelType] != labelTypeNative || configMap.Labels[labelComponent] == labelComponentAutoscaler ||
		len(configMap.OwnerReferences) > 0 {
		return "", false
	}
	if _, state := Recognize(configMap); state {
		return "", false
	}
	if slices.ContainsFunc(namesOfFlink(), func(prefix string) bool { return strings.HasPrefix(configMap.Name, prefix) }) {
		return "", false
	}
	return cluster, true
}
