package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirChangedWhileLive() Rule {
	return Rule{
		ID:         "storage-dir-changed-while-live",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "the next JobManager does not find its jobs' files",
		Summary:    "An update changes high-availability.storageDir while HA ConfigMaps of the cluster are there.",
		Why: "The HA ConfigMaps stay, and what they point to lies in the old directory. A session cluster's JobManager then finds no blobs of its " +
			"jobs: it ends with \"Could not start recovered job\", again and again, until the old directory is set back.",
		Remedy: "Stop the jobs with savepoints, change the directory, and start them from the savepoints. Or keep the directory.",
		Source: "Seen with 2.3.0: FileNotFoundException below <new directory>/blob after the restart of a session cluster, restored by setting the " +
			"old directory back; org.apache.flink.runtime.blob.FileSystemBlobStore",
		Example: Example{
			Before: liveExample("kubernetes", "s3://my-bucket/ha", "orders"),
			Wrong:  liveExample("kubernetes", "s3://other-bucket/ha", "orders") + haStateExample,
			Right:  liveExample("kubernetes", "s3://my-bucket/ha/", "orders") + haStateExample,
		},
		Check: checkStorageDirChanged,
	}
}

func checkStorageDirChanged(subject *Subject) []Violation {
	before, count := subject.liveState()
	if count == 0 || before.StoragePath == "" {
		return nil
	}
	was, is := flink.ResolveStorage(subject.Previous.Configuration, subject.Previous.Version), subject.storagePath()
	if is.Path == "" || is.Path == was.Path || is.Dir.Value() == was.Dir.Value() {
		return nil
	}
	// There is no option, so that what is wrong with the new directory besides does not hide it.
	return []Violation{{
		Setting:  is.Dir.Setting.Key,
		Position: is.Dir.Setting.Position,
		Found:    found(is.Dir.Setting, true),
		Detail:   haConfigMaps(count, before.ClusterID),
		Remedy:   "keep the old directory, or take savepoints first",
	}}
}
