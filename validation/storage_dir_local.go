package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirLocal() Rule {
	return Rule{
		ID:      "storage-dir-local",
		Level:   policy.LevelStrict,
		Summary: "high-availability.storageDir is on a local file system.",
		Why: "A path without a scheme, or with file:, lies on the pod's own disk unless a shared volume is mounted there. Then the " +
			"pointers survive a failover and what they point to does not.",
		Remedy: "Use a distributed file system or object store, or mount one volume into all JobManagers and TaskManagers at that path.",
		Source: "org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem (no scheme and no fs.default-scheme: local)",
		Check: func(subject Subject) []Violation {
			setting, ok := storageDir(subject)
			if !ok || flink.StorageProblem(setting.Value) != "" || flink.StorageScheme(subject.Configuration, setting.Value) != "file" {
				return nil
			}
			return []Violation{{
				Option:   flink.KeyStorageDir,
				Setting:  setting.Key,
				Position: setting.Position,
				Found:    &setting.Value,
				Needed:   "storage that outlives the pod, unless a shared volume is mounted there",
				Remedy:   line(setting.Position, setting.Key, "s3://<bucket>/<path>"),
			}}
		},
	}
}
