package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirLocal() Rule {
	return Rule{
		ID:         "storage-dir-local",
		Level:      policy.LevelStrict,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeInvalid},
		Effect:     "it is lost with the pod" + unlessMounted,
		Summary:    "high-availability.storageDir is on a local file system.",
		Why: "A path without a scheme, or with file:, lies on the pod's own disk unless a shared volume is mounted there. Then the " +
			"pointers survive a failover and what they point to does not.",
		Remedy: "Use a distributed file system or object store, or mount one volume into all JobManagers and TaskManagers at that path.",
		Source: "org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem (no scheme and no fs.default-scheme: local)",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: /flink/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: func(subject *Subject) []Violation {
			if subject.Kind == OfWorkload || subject.showsVolumes() {
				return nil // storage-dir-on-pod-disk looks at the volumes
			}
			setting, ok := storageDir(subject)
			if !ok || mayBeElsewhere(setting.Value) || flink.StorageProblem(setting.Value) != "" || flink.StorageScheme(subject.Configuration, setting.Value) != "file" {
				return nil
			}
			return []Violation{{
				Option:   flink.KeyStorageDir,
				Setting:  setting.Key,
				Position: setting.Position,
				Found:    found(setting, true),
				Needed:   "storage that outlives the pod",
				Remedy:   line(setting.Position, setting.Key, "s3://<bucket>/<path>"),
			}}
		},
	}
}
