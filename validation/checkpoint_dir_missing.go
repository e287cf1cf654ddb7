package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func checkpointDirMissing() Rule {
	return Rule{
		ID:         "checkpoint-dir-missing",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "checkpoints live in the JobManager's memory, at most 5 MiB a state",
		Summary:    "High availability is on, and there is no checkpoint directory, or one on the pod's own disk.",
		Why: "Without a directory the JobManager holds the state of checkpoints in its heap and writes it into the HA storage: a state of " +
			"more than 5 MiB fails the checkpoint, and once the HA ConfigMaps are gone nothing is left that a job could be started from. " +
			"A directory on the pod's disk is gone with the pod.",
		Remedy: "Set execution.checkpointing.dir (state.checkpoints.dir up to 1.19) to a directory that all processes reach, such as " +
			"s3://<bucket>/checkpoints. Batch jobs need none: execution.runtime-mode: BATCH.",
		Source: "org.apache.flink.configuration.CheckpointingOptions.CHECKPOINTS_DIRECTORY, org.apache.flink.runtime.state.CheckpointStorageLoader, " +
			"JobManagerCheckpointStorage",
		Example: Example{
			Wrong: checkpointExample(""),
			Right: checkpointExample("    state.checkpoints.dir: s3://my-bucket/checkpoints\n"),
		},
		Check: checkCheckpointDir,
	}
}

func checkpointExample(line string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: team}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jobmanager
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    high-availability.cluster-id: my-cluster
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
` + line
}

func checkCheckpointDir(subject *Subject) []Violation {
	if subject.Role != workload.RoleJobManager || !subject.readable() || isBatch(subject) {
		return nil
	}
	// The older key is read by all versions.
	preferred := "state.checkpoints.dir"
	if subject.Version.AtLeast(1, 20) {
		preferred = flink.KeyCheckpointDir
	}
	if blank, isBlank, lacks := subject.lacks(flink.KeyCheckpointDir); lacks {
		at := subject.place(blank)
		return []Violation{subject.explained(Violation{
			Option:   flink.KeyCheckpointDir,
			Setting:  keyAt(blank, preferred),
			Position: at,
			Found:    found(blank, isBlank),
			Remedy:   line(at, keyAt(blank, preferred), "s3://<bucket>/<path>"),
		})}
	}
	dir := subject.Configuration.Get(flink.KeyCheckpointDir, subject.Version)
	if dir.Unknown != "" {
		return nil
	}
	onPod, volumesKnown := subject.storageOnPod(dir.Setting.Value)
	if !onPod {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyCheckpointDir,
		Setting:  dir.Setting.Key,
		Position: dir.Setting.Position,
		Found:    found(dir.Setting, true),
		Effect:   "checkpoints are lost with the pod",
		Needed:   "storage that all processes reach and that outlives them",
		Remedy:   line(dir.Setting.Position, dir.Setting.Key, "s3://<bucket>/<path>"),
	}
	if !volumesKnown {
		violation.Effect += unlessMounted
	}
	return []Violation{violation}
}

// keyAt is the key under which a setting is written, or the one under which it should be.
func keyAt(setting flink.Setting, preferred string) string {
	if setting.Key != "" {
		return setting.Key
	}
	return preferred
}
