package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func clusterIDMissing() Rule {
	return Rule{
		ID:         "cluster-id-missing",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeInvalid},
		Effect:     "Flink does not start",
		Summary:    "Kubernetes high availability is on in a standalone cluster, and kubernetes.cluster-id is not set.",
		Why:        "The names of the HA ConfigMaps begin with it. Outside native mode nobody sets it by itself, and the processes exit.",
		Remedy:     "Set kubernetes.cluster-id to a name of its own in the namespace.",
		Source:     "org.apache.flink.kubernetes.configuration.KubernetesConfigOptions.CLUSTER_ID, \"Configuration option 'kubernetes.cluster-id' is not set.\"",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
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
			if subject.highAvailability().Intended() != flink.ModeKubernetes {
				return nil
			}
			return missingClusterID(subject)
		},
	}
}

func missingClusterID(subject *Subject) []Violation {
	blank, isBlank, lacks := subject.lacks(flink.KeyClusterID)
	if !lacks || subject.Managed {
		return nil
	}
	return []Violation{subject.explained(Violation{
		Option:   flink.KeyClusterID,
		Setting:  flink.KeyClusterID,
		Position: subject.place(blank),
		Found:    found(blank, isBlank),
		Needed:   "a name of its own for this cluster, such as the name of its JobManager",
		Remedy:   line(subject.place(blank), flink.KeyClusterID, "<name>"),
	})}
}
