package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirMissing() Rule {
	return Rule{
		ID:         "storage-dir-missing",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeInvalid},
		Effect:     "Flink does not start",
		Summary:    "High availability is on, and high-availability.storageDir is not set.",
		Why: "The ConfigMaps (or ZooKeeper) hold pointers only; job graphs and checkpoint metadata lie in the storage directory. Without " +
			"it neither JobManager nor TaskManager starts.",
		Remedy: "Set high-availability.storageDir to a path that every process can reach, such as s3://<bucket>/<path>.",
		Source: "org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath; seen with 1.20.5 and 2.3.0",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
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
			if !subject.usesStorageDir() {
				return nil
			}
			return missingStorageDir(subject)
		},
	}
}

func missingStorageDir(subject *Subject) []Violation {
	blank, isBlank, lacks := subject.lacks(flink.KeyStorageDir)
	if !lacks {
		return nil
	}
	return []Violation{subject.explained(Violation{
		Option:   flink.KeyStorageDir,
		Setting:  flink.KeyStorageDir,
		Position: subject.place(blank),
		Found:    found(blank, isBlank),
		Needed:   "a path that JobManagers and TaskManagers reach, on storage that outlives their pods",
		Remedy:   line(subject.place(blank), flink.KeyStorageDir, "s3://<bucket>/<path>"),
	})}
}
