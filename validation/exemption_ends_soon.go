package validation

import "github.com/flink-ha/flink-ha-webhook/policy"

func exemptionEndsSoon() Rule {
	return Rule{
		ID:         "exemption-ends-soon",
		Level:      policy.LevelStrict,
		Advice:     true, // it still holds
		Introduced: ruleSet02,
		On:         configured(),
		Effect:     "the rule counts again after that day",
		Summary:    "An object's exemption from a rule ends within two weeks.",
		Why: "After its last day an exemption does not count any more, and what it excuses may be refused when the object is next created: a " +
			"roll-out at night is a bad time to learn of it.",
		Remedy: "Mend what the exemption excuses and remove it; or agree on a later day.",
		Source: "the annotation exempt.flink-ha.dev/<rule>",
		Example: Example{
			Wrong: exemptionExample("2026-11-10 the bucket for checkpoints comes in November", ""),
			Right: exemptionExample("2027-01-15 the bucket for checkpoints comes in January", ""),
		},
		Check: checkExemptionEndsSoon,
	}
}

func checkExemptionEndsSoon(subject *Subject) []Violation {
	var violations []Violation
	for i := range subject.Exemptions {
		exemption := &subject.Exemptions[i]
		if !exemption.Holds() || !exemption.EndsSoon {
			continue
		}
		violation := exemptionViolation(exemption)
		violation.Effect = "the rule counts again after " + lastDay(exemption)
		violation.Remedy = "mend what it excuses, and remove it"
		violation.Fix = nil
		violations = append(violations, violation)
	}
	return violations
}
