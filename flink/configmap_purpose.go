package flink

import "strings"

// Purpose is what a configuration is written for, as far as its options tell.
type Purpose string

// The purposes. PurposeClient is the command line, the SQL client or the SQL gateway; PurposeOperator the Flink Kubernetes
// Operator, whose configuration holds defaults for the clusters of others; PurposeUnknown is a configuration that shows no
// evidence of a JobManager, or of several purposes.
const (
	PurposeCluster       Purpose = "cluster"
	PurposeClient        Purpose = "client"
	PurposeHistoryServer Purpose = "history-server"
	PurposeOperator      Purpose = "operator"
	PurposeUnknown       Purpose = "unknown"
)

// PurposeOf tells whether a configuration is a cluster's, or is that of a process which needs no high availability.
func PurposeOf(configuration Configuration) Purpose {
	_, target := configuration.Lookup(KeyTarget)
	deployed := hasPrefix(configuration, "kubernetes.internal.", "$internal.", "internal.cluster.")
	address := hasPrefix(configuration, "jobmanager.rpc.address")
	switch {
	case hasPrefix(configuration, operatorOptions):
		return PurposeOperator
	case target && !deployed, hasPrefix(configuration, "sql-gateway.", "sql-client."):
		return PurposeClient
	case isJobManagers(configuration):
		return PurposeCluster
	case hasPrefix(configuration, "rest.address") && !address:
		// Without anything of a JobManager's own, its address is for those who call it.
		return PurposeClient
	case hasPrefix(configuration, "historyserver."):
		// A cluster that archives its jobs for a history server may share the file with it.
		if address || hasPrefix(configuration, "taskmanager.", "high-availability", "recovery.mode") {
			return PurposeUnknown
		}
		return PurposeHistoryServer
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
