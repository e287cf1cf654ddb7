package validation

import (
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func exemptionUnused() Rule {
	return Rule{
		ID:         "exemption-unused",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Effect:     "there is nothing to exempt, and a mistake made later would pass",
		Summary:    "An object is exempt from a rule that it does not violate.",
		Why: "What the exemption was for has been mended, or never was there. Left in place it would let the mistake back in without a word " +
			"until its last day.",
		Remedy: "Remove the annotation.",
		Source: "the annotation exempt.flink-ha.dev/<rule>",
		Example: Example{
			Wrong: exemptionExample("2027-01-15 the bucket for checkpoints comes in January", "\n    execution.checkpointing.dir: s3://my-bucket/checkpoints"),
			Right: exemptionExample("2027-01-15 the bucket for checkpoints comes in January", ""),
		},
		Review: reviewExemptionUnused,
	}
}

// reviewExemptionUnused speaks only where nothing is left that might violate the rule: all of the configuration is known, and what
// is around it. A ConfigMap that several processes read may violate the rule in one of them.
func reviewExemptionUnused(subject *Subject, findings []Finding) []Violation {
	var violations []Violation
	var rules []Rule
	for i := range subject.Exemptions {
		exemption := &subject.Exemptions[i]
		isUsed := func(finding Finding) bool { return finding.Rule == exemption.Rule }
		if !exemption.Holds() || slices.ContainsFunc(findings, isUsed) {
			continue
		}
		if rules == nil {
			if !subject.isKnownWhole() {
				return nil
			}
			rules = Rules()
		}
		if !slices.ContainsFunc(rules, func(rule Rule) bool {
			return rule.ID == exemption.Rule && rule.Review == nil && rule.judges(subject.Kind)
		}) {
			continue
		}
		violation := exemptionViolation(exemption)
		violation.Remedy = "remove it"
		violations = append(violations, violation)
	}
	return violations
}

// isKnownWhole tells whether everything is known that rules go by.
func (s *Subject) isKnownWhole() bool {
	around, known := s.inventory()
	if !known || !s.Version.Known() || !s.Configuration.Complete() || !s.readable() {
		return false
	}
	if s.Kind == OfConfiguration && len(around.Mounting(s.Namespace, s.Name)) != 1 {
		return false
	}
	return !slices.ContainsFunc(s.Configuration.Settings, func(setting flink.Setting) bool {
		return setting.Unknown != "" && concernsState(setting.Key)
	})
}
