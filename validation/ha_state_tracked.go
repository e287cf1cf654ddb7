package validation

import (
	"fmt"
	"maps"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func haStateTracked() Rule {
	return Rule{
		ID:         "ha-state-tracked",
		Level:      policy.LevelStrict,
		Advice:     true,
		Introduced: ruleSet02,
		On:         []Kind{OfHAState},
		Effect:     "the tool that goes by it deletes the ConfigMap, or puts back what stood there",
		Summary:    "An HA ConfigMap has a label or an annotation by which a tool takes it for an object of its own.",
		Why: "Argo CD, Flux, Helm, kapp and their like know their objects by such marks. They delete what has their mark and is not in their source, " +
			"and put back what differs from it. HA ConfigMaps change all the time and are in no source: deleted, they take along all that says " +
			"which jobs run and from which checkpoint they are recovered; put back, they end leaderships and name checkpoints that are gone. " +
			"Marks come with a backup, with a copied manifest, or with common labels that something puts on all of a namespace.",
		Remedy: "Remove the label or annotation, and exclude the ConfigMaps with the label type=flink-native-kubernetes from the tool.",
		Source: "the documentation of the tools: resource tracking of Argo CD, garbage collection of Flux, labels and annotations of Helm and kapp",
		Example: Example{
			Wrong: stateWithMarkExample("\n  annotations: {argocd.argoproj.io/tracking-id: \"shop:/ConfigMap:team/orders-cluster-config-map\"}"),
			Right: stateWithMarkExample(""),
		},
		Check: checkHAStateTracked,
	}
}

func stateWithMarkExample(annotations string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-cluster-config-map
  namespace: team
  labels: {app: orders, type: flink-native-kubernetes}` + annotations + `
data:
  executionPlan-5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d: rO0ABXNyADtvcmcuYXBhY2hlLmZsaW5r
`
}

// checkHAStateTracked names the first mark: a tool sets several, which are removed together.
func checkHAStateTracked(subject *Subject) []Violation {
	if _, state := hastate.Recognize(subject.ConfigMap); !state {
		return nil
	}
	var violation *Violation
	var fix []Change
	more := 0
	for _, marks := range []struct {
		path   string
		values map[string]string
	}{{"metadata.labels", subject.ConfigMap.Labels}, {"metadata.annotations", subject.ConfigMap.Annotations}} {
		for _, key := range slices.Sorted(maps.Keys(marks.values)) {
			value := marks.values[key]
			if !hastate.IsTracking(key, value) {
				continue
			}
			field := flink.Position{Path: marks.path + `["` + key + `"]`}
			fix = append(fix, Change{Path: field.Path})
			if violation != nil {
				more++
				continue
			}
			violation = &Violation{
				Option: key, Setting: key, Position: flink.Position{Path: marks.path}, Found: &value, Target: Target{Position: field, Key: true},
				Remedy: "remove it, and exclude HA state from the tool",
			}
		}
	}
	if violation == nil {
		return nil
	}
	violation.Fix = fix
	if more > 0 {
		violation.Detail = fmt.Sprintf("and %d more", more)
	}
	return []Violation{*violation}
}
