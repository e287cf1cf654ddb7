package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func clusterIDInvalid() Rule {
	return Rule{
		ID:         "cluster-id-invalid",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeInvalid},
		Effect:     "the API server refuses its HA ConfigMaps, and no JobManager becomes leader",
		Summary:    "kubernetes.cluster-id cannot begin the name of a ConfigMap.",
		Why:        "The API server refuses the HA ConfigMaps, and no JobManager ever becomes leader.",
		Remedy:     "Write at most 45 lower-case letters, digits and '-', beginning with a letter.",
		Source:     "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/; AbstractKubernetesParameters.getClusterId (45 characters)",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: My_Cluster
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
		Check: checkClusterID,
	}
}

func checkClusterID(subject *Subject) []Violation {
	id := subject.Configuration.Get(flink.KeyClusterID, subject.Version)
	setting := id.Setting
	if !id.Set || id.Unknown != "" || flink.IsBlank(setting.Value) || !subject.readable() ||
		subject.highAvailability().Intended() != flink.ModeKubernetes {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyClusterID,
		Setting:  setting.Key,
		Position: setting.Position,
		Found:    found(setting, true),
		Needed:   "at most 45 lower-case letters, digits and '-', beginning with a letter",
		Remedy:   line(setting.Position, setting.Key, "<name>"),
		Detail:   flink.ClusterIDProblem(setting.Value),
	}
	switch {
	case strings.ContainsAny(setting.Value, `"'`):
		violation.Detail, violation.Fix = "the quotes are part of the value", subject.unquote(setting, flink.KeyClusterID)
	case violation.Detail == "" && len(setting.Value) > maxNativeID:
		violation.Level, violation.Effect = policy.LevelStrict, "it works in standalone mode only: native mode takes 45 characters"
	case violation.Detail == "":
		return nil
	}
	return []Violation{violation}
}

// maxNativeID is how long a kubernetes.cluster-id may be in native mode, and the name of a FlinkDeployment.
const maxNativeID = 45
