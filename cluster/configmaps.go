package cluster

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// maxValueBytes bounds what is kept of one data key; the API server takes no ConfigMap with more.
const maxValueBytes = 1 << 20

// slimConfigMap keeps of a ConfigMap what a judgement about a workload that mounts it may need: the data that can be Flink
// configuration, with labels and our annotations. Of HA state, which changes every few seconds, it keeps what the inventory knows of
// it, and of all others the name, so that memory grows with Flink clusters and not with ConfigMaps.
func slimConfigMap(object any) (any, error) {
	full, ok := object.(*corev1.ConfigMap)
	if !ok {
		return object, nil
	}
	if name, state := hastate.Recognize(full); state {
		return keepState(full, name), nil
	}
	slim := &corev1.ConfigMap{ObjectMeta: key(&full.ObjectMeta)}
	if slim.Data = flinkData(full); slim.Data == nil {
		return slim, nil
	}
	slim.ObjectMeta = identity(&full.ObjectMeta)
	slim.Labels = full.Labels
	slim.Annotations = inventory.GuardAnnotations(full.Annotations)
	return slim, nil
}

// flinkData selects the data keys that can be Flink configuration: by their names or, since a volume may mount any key under
// the name that Flink looks for, by what they hold. All of them count where the author says that this is configuration.
func flinkData(configMap *corev1.ConfigMap) map[string]string {
	declared, _ := policy.DeclaresConfiguration(configMap.Annotations)
	var kept map[string]string
	for name, value := range configMap.Data {
		if len(value) > maxValueBytes || !declared && !isConfigurationFile(name) && !holdsFlinkOptions(value) {
			continue
		}
		if kept == nil {
			kept = make(map[string]string, 1)
		}
		kept[name] = value
	}
	return kept
}

func isConfigurationFile(name string) bool {
	return name == flink.LegacyFile || name == flink.StandardFile
}

// holdsFlinkOptions finds what no configuration of a JobManager does without. A bare "jobmanager" would not do: dashboards
// and alerts are full of metrics of that name, and bigger than any configuration.
func holdsFlinkOptions(value string) bool {
	return strings.Contains(value, flink.KeyHighAvailability) ||
		strings.Contains(value, "jobmanager.") || // an option on a line of its own
		strings.Contains(value, "jobmanager:") // nested YAML
}
