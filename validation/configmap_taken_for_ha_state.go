package validation

import (
	"fmt"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func configMapTakenForHAState() Rule {
	return Rule{
		ID:         "configmap-taken-for-ha-state",
		Level:      policy.LevelStrict,
		Advice:     true,
		Introduced: ruleSet02,
		On:         []Kind{OfHAState},
		Effect:     "the Flink Kubernetes Operator deletes it along with the HA state of that cluster",
		Summary:    "A ConfigMap that is not Flink's has the labels by which the Flink Kubernetes Operator knows HA state.",
		Why: "From version 1.11 on, the operator finds the HA state of a cluster by the labels app, with the name of the cluster, and " +
			"type: flink-native-kubernetes, and by nothing else. It deletes all ConfigMaps that have both when a FlinkDeployment is deleted, " +
			"upgraded in another way than from its last state, or deployed again after its job ended. One that somebody else keeps there, for the " +
			"settings of a job say, goes with them.",
		Remedy: "Give it another label in place of type, or another value.",
		Source: "org.apache.flink.kubernetes.operator.utils.FlinkUtils.deleteKubernetesHAMetadata; https://issues.apache.org/jira/browse/FLINK-37236",
		Example: Example{
			Wrong: foreignConfigMapExample("flink-native-kubernetes"),
			Right: foreignConfigMapExample("settings"),
		},
		Check: checkConfigMapTakenForHAState,
	}
}

func foreignConfigMapExample(kind string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-settings
  namespace: team
  labels: {app: orders, type: ` + kind + `}
data:
  topics.properties: input=orders
`
}

func checkConfigMapTakenForHAState(subject *Subject) []Violation {
	cluster, taken := hastate.TakenForState(subject.ConfigMap)
	if !taken {
		return nil
	}
	value := subject.ConfigMap.Labels["type"]
	return []Violation{{
		Option:   "type",
		Setting:  "type",
		Position: flink.Position{Path: "metadata.labels"},
		Target:   Target{Position: flink.Position{Path: "metadata.labels.type"}},
		Found:    &value,
		Detail:   fmt.Sprintf("beside app: %s", flink.Clip(cluster, maxShownBrief)),
		Remedy:   "give it another value",
	}}
}
