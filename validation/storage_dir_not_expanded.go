package validation

import (
	"regexp"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirNotExpanded() Rule {
	return Rule{
		ID:         "storage-dir-not-expanded",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeInvalid},
		Effect:     "nothing replaces it, and Flink takes it literally",
		Summary:    "high-availability.storageDir, or the id below it, holds a variable that nothing replaces.",
		Why: "Flink itself knows no variables. The entry point of the image replaces them only in files that it can write, which a ConfigMap " +
			"never is, and Kubernetes replaces $(NAME) only in arguments and variables of a container. The path is then taken as it is written: " +
			"there is no such bucket and Flink does not start, or all clusters with the same text share one directory.",
		Remedy: "Write the path out, have the tool that renders the manifests do it, or pass the option as an argument: " +
			"-D high-availability.storageDir=s3://$(BUCKET)/ha.",
		Source: "docker-entrypoint.sh of apache/flink-docker (1.12 to 2.3); FlinkConfMountDecorator (flinkConfiguration is mounted from a ConfigMap); " +
			"https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/",
		Example: Example{
			Wrong: notExpandedExample("s3://${BUCKET}/ha"),
			Right: notExpandedExample("s3://my-bucket/ha"),
		},
		Check: checkStorageDirNotExpanded,
	}
}

func notExpandedExample(dir string) string {
	return `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: shop}
spec:
  image: flink:1.20.1
  flinkVersion: v1_20
  serviceAccount: flink
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: ` + dir + `
    execution.checkpointing.dir: s3://my-bucket/checkpoints
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
`
}

func checkStorageDirNotExpanded(subject *Subject) []Violation {
	storage := subject.storagePath()
	if !flink.IsExpanded(storage.Dir.Value()) && !flink.IsExpanded(storage.ClusterID.Value()) || !subject.readable() {
		return nil
	}
	violations := notExpanded(subject, flink.KeyStorageDir, storage.Dir, "a path without variables", "s3://<bucket>/<path>")
	return append(violations, notExpanded(subject, flink.KeyHAClusterID, storage.ClusterID, "an id without variables", subject.ownID())...)
}

func notExpanded(subject *Subject, key string, reading flink.Reading, needed, example string) []Violation {
	setting := reading.Setting
	if !reading.Set || reading.Unknown != "" || !unresolved.MatchString(setting.Value) || !subject.isTakenLiterally(setting) {
		return nil
	}
	return []Violation{{
		Option:   key,
		Setting:  setting.Key,
		Position: setting.Position,
		Found:    found(setting, true),
		Needed:   needed,
		Remedy:   line(setting.Position, setting.Key, example),
	}}
}

// unresolved is a variable, or what a template engine should have replaced. $web and $root before a host are containers of Azure
// that are really called so.
var unresolved = regexp.MustCompile(`\$\{[A-Za-z_]|\$\([A-Za-z_]|\$[A-Z_]|\$[a-z][A-Za-z0-9_]*(?:[^A-Za-z0-9_@]|$)|\{\{`)

// isTakenLiterally tells whether nothing comes between the place of a setting and Flink: it is in a ConfigMap, which is always
// mounted read-only, and nothing that is not known here prepares or overrides the configuration.
func (s *Subject) isTakenLiterally(setting flink.Setting) bool {
	switch {
	case s.Member == nil:
		return false
	case s.Member.Resource == nil:
		return setting.Origin == flink.OriginFile && s.Member.Role != "" && s.Configuration.Complete()
	case setting.Origin != flink.OriginCustomResource && setting.Origin != flink.OriginOperatorDefault ||
		s.Member.Resource.Kind == workload.KindSessionJob:
		return false
	}
	for _, gap := range s.Configuration.Gaps {
		// The operator's defaults count less than the resource; a pod template may bring a file of its own.
		if setting.Origin != flink.OriginCustomResource || !strings.HasPrefix(gap.Path, s.Configuration.Source) {
			return false
		}
	}
	return true
}
