package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirInvalid() Rule {
	return Rule{
		ID:         "storage-dir-invalid",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeInvalid},
		Effect:     "Flink does not start",
		Summary:    "high-availability.storageDir is not a path that Flink can use.",
		Why: "Every process resolves the path when it starts, and exits if it cannot. A placeholder in angle brackets behind the bucket is " +
			"a path that Flink can use, though hardly the one that is meant: that is only warned about.",
		Remedy: "Write a URI with a scheme and without quotes, such as s3://<bucket>/<path> or file:///<shared mount>/<path>.",
		Source: "org.apache.flink.core.fs.Path, org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: file://flink/ha
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
    high-availability.storageDir: s3://flink/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: checkStorageDirInvalid,
	}
}

func checkStorageDirInvalid(subject *Subject) []Violation {
	setting, ok := storageDir(subject)
	if !ok {
		return nil
	}
	problem := flink.StorageProblem(setting.Value)
	if problem == "" {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyStorageDir,
		Setting:  setting.Key,
		Position: setting.Position,
		Found:    found(setting, true),
		Needed:   "a URI that Flink can resolve",
		Remedy:   line(setting.Position, setting.Key, "s3://<bucket>/<path>"),
		Detail:   problem,
		Fix:      subject.unquote(setting, flink.KeyStorageDir),
	}
	if isPlaceholderInPath(setting.Value) {
		violation.Level, violation.Effect = policy.LevelStrict, "Flink takes it literally"
	}
	return []Violation{violation}
}

// storageDir is the storage directory of a subject whose HA mode uses one.
func storageDir(subject *Subject) (flink.Setting, bool) {
	dir := subject.Configuration.Get(flink.KeyStorageDir, subject.Version)
	known := dir.Set && dir.Unknown == "" && !flink.IsBlank(dir.Setting.Value)
	return dir.Setting, known && subject.usesStorageDir() && subject.readable()
}

// isPlaceholderInPath tells whether all that is wrong with a directory is text in angle brackets behind the bucket or host, where
// such a name is possible.
func isPlaceholderInPath(value string) bool {
	scheme, rest, ok := strings.Cut(value, "://")
	bucket, path, _ := strings.Cut(rest, "/")
	filled := scheme + "://" + bucket + "/" + strings.NewReplacer("<", "", ">", "").Replace(path)
	return ok && flink.StorageProblem(filled) == ""
}
