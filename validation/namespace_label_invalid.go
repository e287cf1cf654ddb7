package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func namespaceLabelInvalid() Rule {
	return Rule{
		ID:         "namespace-label-invalid",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         []Kind{OfNamespace},
		Effect:     "the label counts as if it were not there",
		Summary:    "A label of the guard on a namespace has a value, or a name, that means nothing.",
		Why: "The labels flink-ha.dev/enforce, warn and audit, each with its -version, say how strictly a namespace is guarded. A label " +
			"that is not understood is left out, and the defaults of the policy count: the namespace is guarded more, or less, than its labels " +
			"seem to say. A new wrong value is refused; a name that does not exist is warned about.",
		Remedy: "Write off, baseline or strict; for a version, latest or a version of the rule set; flink-ha.dev/guard: disabled to leave a namespace " +
			"to itself; the name of an account for flink-ha.dev/service-account, which may be an annotation as well.",
		Source: "the labels of namespaces in the README",
		Example: Example{
			Wrong: namespaceExample("restricted"),
			Right: namespaceExample("strict"),
		},
		Check: checkNamespaceLabelInvalid,
	}
}

func namespaceExample(level string) string {
	return `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    flink-ha.dev/enforce: ` + level + `
    flink-ha.dev/enforce-version: v0.2
`
}

func checkNamespaceLabelInvalid(subject *Subject) []Violation {
	problems := append(policy.ValidateLabels(subject.Labels), policy.ValidateNamespaceAnnotations(subject.Labels, subject.Annotations)...)
	if len(problems) == 0 {
		return nil
	}
	violations := make([]Violation, 0, len(problems))
	for i := range problems {
		problem := &problems[i]
		violation := Violation{
			Option:   problem.Label,
			Setting:  problem.Label,
			Position: flink.Position{Path: "metadata.labels"},
			Found:    &problem.Value,
			Remedy:   "write one of these, or remove the " + problem.Noun(),
		}
		if problem.Annotation {
			violation.Position.Path, violation.Effect = "metadata.annotations", "the annotation counts as if it were not there"
		}
		if needed, isValue := strings.CutPrefix(problem.Needs, "needs "); isValue {
			violation.Needed = needed
			violation.Fix = lowerLevel(problem)
		} else if newer, isNewer := strings.CutPrefix(problem.Needs, "which this guard does not know: "); isNewer {
			violation.Detail, violation.Effect = "this guard does not know it", newer
			violation.Remedy = problem.Label + ": latest"
		} else {
			violation.Detail = strings.TrimPrefix(problem.Needs, "but ")
			violation.Remedy = "mend its name, or remove it"
			violation.Target = Target{Position: flink.Position{Path: violation.Position.Path + `["` + problem.Label + `"]`}, Key: true}
		}
		if problem.Warning {
			violation.Level = policy.LevelStrict
		}
		violations = append(violations, violation)
	}
	return violations
}

// lowerLevel is the fix of a level that is written with capitals.
func lowerLevel(problem *policy.LabelProblem) []Change {
	level := strings.ToLower(problem.Value)
	isLevel := problem.Label == policy.LabelEnforce || problem.Label == policy.LabelWarn || problem.Label == policy.LabelAudit
	if !isLevel || problem.Annotation || level != string(policy.LevelOff) && level != string(policy.LevelBaseline) && level != string(policy.LevelStrict) {
		return nil
	}
	return []Change{{Path: `metadata.labels["` + problem.Label + `"]`, Value: level}}
}
