package flink

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// ZooKeeperPath is the node under which a cluster keeps its HA state in ZooKeeper: high-availability.zookeeper.path.root and
// high-availability.cluster-id, joined by single slashes (org.apache.flink.runtime.util.ZooKeeperUtils.generateZookeeperPath).
func ZooKeeperPath(root, clusterID string) string {
	var parts []string
	for _, part := range []string{root, clusterID} {
		if part = strings.Trim(part, "/"); part != "" {
			parts = append(parts, part)
		}
	}
	return "/" + strings.Join(parts, "/")
}

// defaultJobID is the id of an application's job up to 1.15.
const defaultJobID = "00000000000000000000000000000000"

// ApplicationJobID is the id that an application under high availability gives its job where none is fixed, and whether it is
// known. Up to 1.15 it is all zeros; from 1.16 on it is made of the hash of high-availability.cluster-id, so that it is the same
// for every cluster that keeps the default (ApplicationDispatcherBootstrap, ApplicationJobUtils; FLINK-19358). 2.3 knows ids of
// applications besides, and is not answered for.
func ApplicationJobID(clusterID string, version Version) (string, bool) {
	switch {
	case version.Before(1, 16):
		return defaultJobID, true
	case version.AtLeast(1, 16) && version.Before(2, 3):
		hash, sign := javaHash(clusterID), "00000000"
		if hash >= 1<<31 {
			sign = "ffffffff" // the number is widened to 64 bits with its sign
		}
		return fmt.Sprintf("%s%08x%016x", sign, hash, 0), true
	}
	return "", false
}

// javaHash is java.lang.String.hashCode, as the bits of its 32-bit number.
func javaHash(text string) uint32 {
	var hash uint32
	for _, unit := range utf16.Encode([]rune(text)) {
		hash = 31*hash + uint32(unit)
	}
	return hash
}

// LeaderConfigMaps are the names of the HA ConfigMaps that hold a cluster's leader locks, none if the version leaves that open:
// one for each component up to 1.14 and, with high-availability.use-old-ha-services, in 1.15; one for the cluster from 1.15 on
// (KubernetesHaServices, KubernetesMultipleComponentLeaderElectionHaServices, KubernetesLeaderElectionHaServices).
func LeaderConfigMaps(clusterID string, version Version, oldServices bool) []string {
	switch {
	case version.Before(1, 15), oldServices && version.Before(1, 16) && version.AtLeast(1, 15):
		return []string{clusterID + "-dispatcher-leader", clusterID + "-resourcemanager-leader", clusterID + "-restserver-leader"}
	case version.AtLeast(1, 16), !oldServices && version.AtLeast(1, 15):
		return []string{clusterID + "-cluster-config-map"}
	}
	return nil
}

// JobConfigMap is the name of the HA ConfigMap of one job, "" if the version leaves that open.
func JobConfigMap(clusterID, jobID string, version Version, oldServices bool) string {
	switch leaders := LeaderConfigMaps(clusterID, version, oldServices); len(leaders) {
	case 0:
		return ""
	case 1:
		return clusterID + "-" + jobID + "-config-map"
	}
	return clusterID + "-" + jobID + "-jobmanager-leader"
}
