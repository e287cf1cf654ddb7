package survey

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// keeper is a cluster with HA state, or what is or describes a JobManager, that keeps HA data under some paths.
type keeper struct {
	name string
	// namespace and cluster are those of a cluster with HA state, "" for others.
	namespace, cluster string
	paths              []string
}

func keeperOfCluster(cluster Cluster) keeper {
	return keeper{"cluster " + cluster.Namespace + "/" + cluster.ID, cluster.Namespace, cluster.ID, cluster.StoragePaths}
}

func keeperOfMember(member *inventory.Member) keeper {
	return keeper{name: member.Kind + " " + member.Namespace + "/" + member.Name, paths: []string{flink.RedactURI(member.Identity.StoragePath)}}
}

// KeptBy names who was seen to keep data under a path, above it or below it, leaving out some clusters.
func (s *Survey) KeptBy(path string, without []Cluster) []string {
	var names []string
	for _, keeper := range s.keepers {
		left := slices.ContainsFunc(without, func(c Cluster) bool {
			return keeper.cluster != "" && c.ID == keeper.cluster && c.Namespace == keeper.namespace
		})
		if !left && slices.ContainsFunc(keeper.paths, func(other string) bool { return overlap(path, other) }) {
			names = append(names, keeper.name)
		}
	}
	return names
}

// overlap tells whether two directories are one, or one is in the other.
func overlap(one, other string) bool {
	one, other = withSlash(one), withSlash(other)
	return strings.HasPrefix(one, other) || strings.HasPrefix(other, one)
}

// withSlash ends a path with a slash. The file systems of S3 by Hadoop and by Presto have schemes of their own for the same buckets.
func withSlash(path string) string {
	for _, scheme := range []string{"s3a:", "s3p:", "s3n:"} {
		if rest, ok := strings.CutPrefix(path, scheme); ok {
			path = "s3:" + rest
		}
	}
	return strings.TrimSuffix(path, "/") + "/"
}
