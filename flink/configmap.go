package flink

import (
	"regexp"
	"strings"
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
		if hasPrefix(configuration, "kubernetes.operator.") {
			return nil
		}
	}
	return configurations
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
	if hasPrefix(configuration,
		"jobmanager.rpc.", "jobmanager.memory.", "jobmanager.heap.", "jobmanager.bind-host", "jobmanager.execution.", "jobmanager.scheduler",
		"jobmanager.resource-id", "jobmanager.archive.", "jobmanager.web.", "high-availability.type", "high-availability.storage",
		"high-availability.cluster-id", "high-availability.zookeeper.", "high-availability.jobmanager.", "high-availability.kubernetes.") {
		return true
	}
	if mode := ResolveHighAvailability(configuration, Version{}); mode.Set && mode.Mode != ModeInvalid {
		return true
	}
	return (configuration.Err != nil || !configuration.Complete()) && flinkLine.MatchString(text)
}

// Purpose is what a configuration is written for, as far as its options tell.
type Purpose string

// The purposes. PurposeUnknown is a configuration that shows no evidence of a JobManager.
const (
	PurposeCluster Purpose = "cluster"
	PurposeClient  Purpose = "client"
	PurposeUnknown Purpose = "unknown"
)

// PurposeOf tells whether a configuration is a cluster's or a client's (command line, SQL client, SQL gateway), which needs
// no high availability.
func PurposeOf(configuration Configuration) Purpose {
	_, target := configuration.Lookup("execution.target")
	deployed := hasPrefix(configuration, "kubernetes.internal.", "$internal.", "internal.cluster.")
	address := hasPrefix(configuration, "jobmanager.rpc.address")
	switch {
	case target && !deployed, hasPrefix(configuration, "sql-gateway.", "sql-client."):
		return PurposeClient
	case isJobManagers(configuration):
		return PurposeCluster
	case hasPrefix(configuration, "rest.address") && !address:
		// Without anything of a JobManager's own, its address is for those who call it.
		return PurposeClient
	case hasPrefix(configuration, "historyserver."):
		return PurposeUnknown
	case address, hasPrefix(configuration, "high-availability", "recovery.mode", "execution.checkpointing.", "state.", "restart-strategy"):
		return PurposeCluster
	}
	return PurposeUnknown
}

// isJobManagers finds options that only a JobManager reads.
func isJobManagers(configuration Configuration) bool {
	return hasPrefix(configuration,
		"jobmanager.rpc.port", "jobmanager.memory.", "jobmanager.heap.", "jobmanager.bind-host", "jobmanager.execution.",
		"jobmanager.scheduler", "jobmanager.resource-id", "blob.server.", "scheduler-mode")
}

func hasPrefix(configuration Configuration, prefixes ...string) bool {
	for _, setting := range configuration.Settings {
		for _, prefix := range prefixes {
			if strings.HasPrefix(setting.Key, prefix) {
				return true
			}
		}
	}
	return false
}
