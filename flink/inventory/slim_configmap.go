package inventory

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// maxValueBytes bounds what is kept of one data key; the API server takes no ConfigMap with more.
const maxValueBytes = 1 << 20

// SlimConfigMap keeps of a ConfigMap what a judgement about a workload that mounts it may need: the data that can be Flink
// configuration, with labels and the guard's annotations; false if there is none. declared is true where the author says that it is
// configuration: all data counts then. What is kept is shared.
func SlimConfigMap(full *corev1.ConfigMap, declared bool) (*corev1.ConfigMap, bool) {
	data := flinkData(full, declared)
	if data == nil {
		return nil, false
	}
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: full.Name, Namespace: full.Namespace, UID: full.UID, ResourceVersion: full.ResourceVersion,
			DeletionTimestamp: full.DeletionTimestamp, Labels: full.Labels, Annotations: GuardAnnotations(full.Annotations),
		},
		Data: data,
	}, true
}

// flinkData selects the data keys that can be Flink configuration: by their names or, since a volume may mount any key under
// the name that Flink looks for, by what they hold.
func flinkData(configMap *corev1.ConfigMap, declared bool) map[string]string {
	var kept map[string]string
	for name, value := range configMap.Data {
		if _, isFile := flink.LoaderOf(name); len(value) > maxValueBytes || !declared && !isFile && !holdsFlinkOptions(value) {
			continue
		}
		if kept == nil {
			kept = make(map[string]string, 1)
		}
		kept[name] = value
	}
	return kept
}

// holdsFlinkOptions finds what no configuration of a JobManager does without. A bare "jobmanager" would not do: dashboards
// and alerts are full of metrics of that name, and bigger than any configuration.
func holdsFlinkOptions(value string) bool {
	return strings.Contains(value, flink.KeyHighAvailability) ||
		strings.Contains(value, "jobmanager.") || // an option on a line of its own
		strings.Contains(value, "jobmanager:") // nested YAML
}
