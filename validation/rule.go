package validation

import (
	"fmt"
	"regexp"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Rule is one mistake that the guard knows.
type Rule struct {
	// ID in kebab-case; stable, since people write it into exemptions.
	ID string
	// Level from which on the rule counts.
	Level policy.Level
	// Summary says in one sentence what is wrong.
	Summary string
	// Why says what happens to a cluster that has it.
	Why string
	// Remedy says how to mend it.
	Remedy string
	// Source of the fact: the Flink class or page, or how it was seen.
	Source string
	// Check finds the violations in a subject.
	Check func(Subject) []Violation
}

//go:generate go run ../docs/rulepages ../docs/rules

// Rules is the catalogue in the order in which findings are reported: what keeps the rest from being read comes first.
func Rules() []Rule {
	return []Rule{
		configurationUnreadable(),
		highAvailabilityOff(),
		highAvailabilityTypeInvalid(),
		storageDirMissing(),
		storageDirInvalid(),
		storageDirLocal(),
		zooKeeperQuorumMissing(),
		clusterIDMissing(),
		clusterIDInvalid(),
	}
}

// Evaluator applies rules to subjects.
type Evaluator struct {
	rules []Rule
}

var kebabCase = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// NewEvaluator checks that the rules are well formed: ids in kebab-case and unique, a level that is baseline or strict, and
// no text or check missing.
func NewEvaluator(rules []Rule) (*Evaluator, error) {
	seen := make(map[string]bool, len(rules))
	for _, rule := range rules {
		switch {
		case !kebabCase.MatchString(rule.ID):
			return nil, fmt.Errorf("rule id %q is not kebab-case", rule.ID)
		case seen[rule.ID]:
			return nil, fmt.Errorf("rule id %q is used twice", rule.ID)
		case rule.Level != policy.LevelBaseline && rule.Level != policy.LevelStrict:
			return nil, fmt.Errorf("rule %q has the level %q, needs baseline or strict", rule.ID, rule.Level)
		case rule.Summary == "" || rule.Why == "" || rule.Remedy == "" || rule.Source == "" || rule.Check == nil:
			return nil, fmt.Errorf("rule %q lacks its summary, reason, remedy, source or check", rule.ID)
		}
		seen[rule.ID] = true
	}
	return &Evaluator{rules: rules}, nil
}

// Evaluate returns all findings of a subject, in the order of the rules.
func (e *Evaluator) Evaluate(subject Subject) []Finding {
	var findings []Finding
	for _, rule := range e.rules {
		for _, violation := range rule.Check(subject) {
			if violation.Level == "" {
				violation.Level = rule.Level
			}
			findings = append(findings, Finding{Rule: rule.ID, Violation: violation})
		}
	}
	return findings
}
