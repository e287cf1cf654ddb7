package validation

import "github.com/flink-ha/flink-ha-webhook/policy"

func configurationUnreadable() Rule {
	return Rule{
		ID:         "configuration-unreadable",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Effect:     "the processes do not start",
		Summary:    "Flink would refuse to load config.yaml.",
		Why: "Flink's parser is stricter than most: a key that is written twice, a key without a value, a second document or a list " +
			"at the top keeps every process from starting.",
		Remedy: "Mend the place that the finding names.",
		Source: "org.apache.flink.configuration.YamlParserUtils, org.apache.flink.configuration.GlobalConfiguration (1.19 and later)",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  config.yaml: |
    jobmanager.rpc.address: jobmanager
    high-availability:
      type: kubernetes
      storageDir:
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  config.yaml: |
    jobmanager.rpc.address: jobmanager
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: func(subject *Subject) []Violation {
			if subject.readable() {
				return nil
			}
			problem := subject.Configuration.Err
			return []Violation{{
				Position: problem.Position,
				Detail:   problem.Reason,
				Needed:   "a map of options that names each once and gives each a value",
				Remedy:   "mend this line",
			}}
		},
	}
}
