package flink

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// LeaderAnnotation is the leader lock on an HA ConfigMap (io.fabric8.kubernetes.client.extended.leaderelection); the leading
// JobManager renews it every few seconds.
const LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader"

// haConfigMapName is how Flink names HA ConfigMaps: up to 1.14 one for each component and job, from 1.15 on one for the
// cluster and one for each job (KubernetesHaServices, KubernetesLeaderElectionHaServices).
var haConfigMapName = regexp.MustCompile(`^(.+)-(cluster-config-map|[0-9a-f]{32}-config-map|(dispatcher|resourcemanager|restserver|[0-9a-f]{32}-jobmanager)-leader)$`)

// HAConfigMapCluster returns the cluster-id of the Flink cluster whose HA state a ConfigMap holds, and whether it holds HA
// state. The name alone decides nothing: the leader annotation, Flink's labels or its data keys must confirm it. Flink up to
// 1.18 creates the leader ConfigMap without labels, Flink 2 has no label "configmap-type", and a JobManager that stopped in
// good order leaves a ConfigMap without data, so any one of the three counts.
func HAConfigMapCluster(configMap *corev1.ConfigMap) (string, bool) {
	match := haConfigMapName.FindStringSubmatch(configMap.Name)
	if match == nil || !confirmedAsHAState(configMap) {
		return "", false
	}
	return match[1], true
}

func confirmedAsHAState(configMap *corev1.ConfigMap) bool {
	if _, ok := configMap.Annotations[LeaderAnnotation]; ok {
		return true
	}
	if configMap.Labels["type"] == labelTypeNative || configMap.Labels["configmap-type"] == "high-availability" {
		return true
	}
	for key := range configMap.Data {
		if isHADataKey(key, configMap.Data) {
			return true
		}
	}
	return false
}

// isHADataKey knows the data keys that only HA ConfigMaps hold (org.apache.flink.kubernetes.utils.Constants).
func isHADataKey(key string, data map[string]string) bool {
	for _, prefix := range []string{
		"org.apache.flink.k8s.leader.", "jobGraph-", "executionPlan-", "application-", "runningJobsRegistry-", "checkpointID-",
	} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	// Up to 1.14 a leader ConfigMap has just these two, and a job's ConfigMap may have its counter alone.
	_, address := data["address"]
	_, session := data["sessionId"]
	return address && session || key == "counter"
}
