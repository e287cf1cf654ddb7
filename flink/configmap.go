package flink

import (
	"regexp"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
)

// Data keys under which a configuration reaches Flink (GlobalConfiguration).
const (
	LegacyFile   = "flink-conf.yaml"
	StandardFile = "config.yaml"
)

// OperatorConfigMap is the configuration of the Flink Kubernetes Operator itself, as its chart names it. It has both files,
// mostly defaults for the clusters of others, and is no cluster's configuration.
const OperatorConfigMap = "flink-operator-config"

// operatorOptions begins the keys that only the operator reads.
const operatorOptions = "kubernetes.operator."

// Values of the label "type": Flink's native client sets the first, also on HA ConfigMaps of standalone clusters
// (org.apache.flink.kubernetes.utils.Constants); the Flink Kubernetes Operator sets the second in its standalone mode.
const (
	labelType           = "type"
	labelTypeNative     = "flink-native-kubernetes"
	labelTypeStandalone = "flink-standalone-kubernetes"
)

// MadeByFlink tells from an object's labels whether Flink's native client or the Flink Kubernetes Operator made it.
func MadeByFlink(labels map[string]string) bool {
	return labels[labelType] == labelTypeNative || labels[labelType] == labelTypeStandalone
}

// ConfigMapConfigurations returns what Flink would load from the files of a ConfigMap, in the order of their names: none if
// the ConfigMap holds no Flink configuration, two if it holds both files, of which Flink reads one by its version.
//
// A flink-conf.yaml is Flink's by its name. A config.yaml is Flink's if an option of a JobManager or of high availability is
// in it; declared says that its author calls it Flink's all the same. binaryData is not read.
func ConfigMapConfigurations(configMap *corev1.ConfigMap, declared bool) []Configuration {
	if configMap.Name == OperatorConfigMap {
		return nil
	}
	var configurations []Configuration
	if text, ok := configMap.Data[StandardFile]; ok {
		configuration := LoadStandard(text, dataPath(StandardFile))
		if declared || isFlinkStandard(configuration, text) {
			configurations = append(configurations, configuration)
		}
	}
	if text, ok := configMap.Data[LegacyFile]; ok && len(text) <= maxFileBytes {
		configurations = append(configurations, LoadLegacy(text, dataPath(LegacyFile)))
	}
	for _, configuration := range configurations {
		if hasPrefix(configuration, operatorOptions) {
			return nil
		}
	}
	return configurations
}

// FileVersion is what the file that a configuration of a ConfigMap stands in says of the version: Flink reads it in these
// versions or not at all.
func FileVersion(configuration Configuration) Version {
	for _, file := range []string{LegacyFile, StandardFile} {
		if configuration.Source == dataPath(file) {
			return VersionOfFile(file)
		}
	}
	return Version{}
}

func dataPath(file string) string { return `data["` + file + `"]` }

// flinkLine finds an option of Flink's in a file that is no YAML, or too large to be read as such.
var flinkLine = regexp.MustCompile(`(?m)^[ \t]*["']?(?:jobmanager\.(?:rpc|memory|heap|bind-host|execution)|high-availability\.(?:type|storageDir|cluster-id|zookeeper))` +
	`|^jobmanager:\s*\n[ \t]+(?:rpc|memory|bind-host)\b|^high-availability:\s*\n[ \t]+(?:type|storageDir|cluster-id)\b`)

// maxSearched is how many characters a match condition searches closely.
const maxSearched = 8192

// flinkSection is what a match condition searches larger texts for.
var flinkSection = regexp.MustCompile(`(?:^|\n)(?:jobmanager|high-availability)`)

// isFlinkStandard tells whether a config.yaml, which many programs have, is Flink's: by an option that only Flink has, since
// others may well have a section "jobmanager" or "high-availability".
//
// The match conditions of the webhooks must select what is recognized here, and can search large texts for little. In files
// of more than 8 KiB, options have to begin a line.
func isFlinkStandard(configuration Configuration, text string) bool {
	if utf8.RuneCountInString(text) > maxSearched && !flinkSection.MatchString(text) {
		return false
	}
	if hasPrefix(configuration, flinkOnly()...) || asksForHighAvailability(configuration) {
		return true
	}
	return (configuration.Err != nil || !configuration.Complete()) && flinkLine.MatchString(text)
}

// flinkOnly begins the keys that no other program's configuration has (JobManagerOptions, HighAvailabilityOptions,
// KubernetesHighAvailabilityOptions). Each of them holds a word that the match conditions search for.
func flinkOnly() []string {
	return []string{
		"jobmanager.rpc.address", "jobmanager.rpc.port", "jobmanager.rpc.bind-port", "jobmanager.bind-host",
		"jobmanager.memory.process.", "jobmanager.memory.flink.", "jobmanager.memory.heap.", "jobmanager.memory.off-heap.", "jobmanager.memory.jvm-",
		"jobmanager.heap.size", "jobmanager.heap.mb", "jobmanager.execution.", "jobmanager.scheduler", "jobmanager.resource-id",
		"jobmanager.archive.fs.", "jobmanager.web.", "jobmanager.adaptive-",
		"high-availability.storageDir", "high-availability.zookeeper.", "high-availability.jobmanager.port", "high-availability.kubernetes.",
	}
}

// asksForHighAvailability tells whether a key that other programs may have as well has a value of Flink's, or stands beside
// other options of Flink's: another program's high availability may be of some type too.
func asksForHighAvailability(configuration Configuration) bool {
	_, typed := configuration.Lookup(KeyHighAvailabilityType)
	_, named := configuration.Lookup(KeyHAClusterID)
	setting, old := configuration.Lookup(KeyHighAvailability)
	if typed || named {
		mode := ResolveHighAvailability(configuration, Version{}).Mode
		return mode == ModeKubernetes || mode == ModeZooKeeper || hasPrefix(configuration,
			"taskmanager.", "parallelism.default", "state.backend", "state.checkpoints.", "state.savepoints.", "execution.checkpointing.",
			"execution.runtime-mode", "kubernetes.cluster-id", "env.java.opts", "blob.server.", "restart-strategy")
	}
	mode := modeOf(setting.Value, Version{})
	return old && (mode == ModeKubernetes || mode == ModeZooKeeper)
}
