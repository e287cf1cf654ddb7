package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storagePathShared() Rule {
	return Rule{
		ID:         "storage-path-shared",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "the cluster that ends first deletes the other's files",
		Summary:    "Another cluster keeps its HA data under the same path, high-availability.storageDir with high-availability.cluster-id below it.",
		Why: "When a cluster ends through Flink, it deletes everything below <path>/blob, the other cluster's files included; the other " +
			"one cannot recover its jobs any more. Applications there may have one job id as well, and an entry of a job that is over keeps " +
			"the other from running. No namespace is part of the path.",
		Remedy: "Give each cluster a high-availability.cluster-id of its own (standalone), or a storageDir with the namespace in it (operator, " +
			"native mode). In a cluster that has HA data already this moves it: stop the jobs with savepoints first.",
		Source: "org.apache.flink.runtime.highavailability.AbstractHaServices.cleanupAllData, org.apache.flink.runtime.blob.FileSystemBlobStore, " +
			"FileSystemJobResultStore, DuplicateJobSubmissionException",
		Example: Example{
			Wrong: jobManagerExample("payments", "payments", "flink") + "---\n" + jobManagerExample("orders", "orders", "flink"),
			Right: jobManagerExample("payments", "payments", "payments") + "---\n" + jobManagerExample("orders", "orders", "flink"),
		},
		Check: checkStoragePathShared,
	}
}

// checkStoragePathShared leaves clusters with the same ids to cluster-id-shared.
func checkStoragePathShared(subject *Subject) []Violation {
	around, known := subject.inventory()
	path := subject.storagePath().Path
	if !known || subject.Member == nil || subject.Role != workload.RoleJobManager || path == "" {
		return nil
	}
	identity := subject.identity()
	others := subject.neighbours(around.WithStoragePath(path), func(member *inventory.Member) bool {
		return identity.Mode == flink.ModeKubernetes && identity.ClusterID != "" &&
			member.Identity.ClusterID == identity.ClusterID && member.Identity.Namespace == identity.Namespace
	})
	if others.none() {
		return nil
	}
	dir := subject.storagePath().Dir.Setting
	violation := Violation{
		Option:   flink.KeyHAClusterID, // also where the directory is blamed: another rule may find something else wrong with it
		Setting:  dir.Key,
		Position: dir.Position,
		Found:    found(dir, true),
		Detail:   "shared with " + others.String(),
		Remedy:   line(dir.Position, flink.KeyHAClusterID, subject.ownID()),
		Others:   others.far,
		Since:    others.since,
	}
	if id := subject.storagePath().ClusterID; id.Set && !subject.Managed {
		violation.Setting, violation.Position, violation.Found = id.Setting.Key, id.Setting.Position, found(id.Setting, true)
		violation.Remedy = line(id.Setting.Position, flink.KeyHAClusterID, "<its own>")
	} else if subject.Managed {
		violation.Remedy = line(dir.Position, dir.Key, subject.ownDirectory(dir.Value))
	}
	return []Violation{violation}
}

// ownDirectory proposes a directory with the namespace in it, where the value can be repeated in a message.
func (s *Subject) ownDirectory(dir string) string {
	if s.Namespace == "" || flink.RedactURI(dir) != dir || len(dir) > maxShown {
		return "<path with the namespace>"
	}
	return strings.TrimSuffix(dir, "/") + "/" + s.Namespace
}
