package flink

// Keys of the options that decide about high availability on Kubernetes, and the fallback keys that Flink tries after them
// (org.apache.flink.configuration.HighAvailabilityOptions, org.apache.flink.kubernetes.configuration.KubernetesConfigOptions).
const (
	KeyHighAvailabilityType     = "high-availability.type"
	KeyHighAvailability         = "high-availability"
	KeyRecoveryMode             = "recovery.mode"
	KeyStorageDir               = "high-availability.storageDir"
	KeyZooKeeperStorageDir      = "high-availability.zookeeper.storageDir"
	KeyRecoveryZooKeeperStorage = "recovery.zookeeper.storageDir"
	KeyZooKeeperQuorum          = "high-availability.zookeeper.quorum"
	KeyRecoveryZooKeeperQuorum  = "recovery.zookeeper.quorum"
	KeyClusterID                = "kubernetes.cluster-id"
	KeyDefaultScheme            = "fs.default-scheme"
)

// HighAvailabilityTypeKeys are the keys of the HA mode in the order in which the version tries them. Up to 1.16
// high-availability.type is unknown to Flink; from 1.17 on it comes first, and recovery.mode before high-availability
// (FLINK-29372). For an unknown version it is the newer order, which reads every file that names one key as all versions do
// that know the key.
func HighAvailabilityTypeKeys(version Version) []string {
	if version.Before(1, 17) {
		return []string{KeyHighAvailability, KeyRecoveryMode}
	}
	return []string{KeyHighAvailabilityType, KeyRecoveryMode, KeyHighAvailability}
}

// StorageDirKeys are the keys of the HA storage directory in Flink's order.
func StorageDirKeys() []string {
	return []string{KeyStorageDir, KeyZooKeeperStorageDir, KeyRecoveryZooKeeperStorage}
}

// ZooKeeperQuorumKeys are the keys of the ZooKeeper quorum in Flink's order.
func ZooKeeperQuorumKeys() []string {
	return []string{KeyZooKeeperQuorum, KeyRecoveryZooKeeperQuorum}
}
