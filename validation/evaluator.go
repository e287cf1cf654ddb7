package validation

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Evaluator applies rules to subjects. It is safe for concurrent use.
type Evaluator struct {
	// checks are the rules that can say anything of a kind in an HA mode, so that the others cost nothing. reviews are those
	// about other findings.
	checks  [numberOfKinds]map[flink.Mode][]*Rule
	reviews [numberOfKinds][]*Rule
	byID    map[string]*Rule
}

var kebabCase = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// modes are all that a configuration can resolve to.
func modes() []flink.Mode {
	return []flink.Mode{
		flink.ModeNone, flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeCustom, flink.ModeUnknown, flink.ModeInvalid,
	}
}

// NewEvaluator checks that the rules are well formed: ids in kebab-case and unique, a level that is baseline or strict, a
// kind to judge, and no text or check missing.
func NewEvaluator(rules []Rule) (*Evaluator, error) {
	e := &Evaluator{byID: make(map[string]*Rule, len(rules))}
	for kind := range e.checks {
		e.checks[kind] = map[flink.Mode][]*Rule{}
	}
	for i := range rules {
		rule := &rules[i]
		if err := rule.validate(); err != nil {
			return nil, err
		}
		if e.byID[rule.ID] != nil {
			return nil, fmt.Errorf("rule id %q is used twice", rule.ID)
		}
		e.byID[rule.ID] = rule
		for _, kind := range rule.On {
			e.enlist(rule, kind)
		}
	}
	return e, nil
}

func (r *Rule) validate() error {
	switch {
	case !kebabCase.MatchString(r.ID):
		return fmt.Errorf("rule id %q is not kebab-case", r.ID)
	case r.Level != policy.LevelBaseline && r.Level != policy.LevelStrict:
		return fmt.Errorf("rule %q has the level %q, needs baseline or strict", r.ID, r.Level)
	case r.Introduced == "":
		return fmt.Errorf("rule %q does not say with which rule set it came", r.ID)
	case r.Summary == "" || r.Why == "" || r.Effect == "" || r.Remedy == "" || r.Source == "":
		return fmt.Errorf("rule %q lacks its summary, reason, effect, remedy or source", r.ID)
	case (r.Check == nil) == (r.Review == nil):
		return fmt.Errorf("rule %q needs either a check or a review", r.ID)
	case len(r.On) == 0:
		return fmt.Errorf("rule %q judges nothing", r.ID)
	case r.Example.Wrong == "" || r.Example.Right == "":
		return fmt.Errorf("rule %q has no example", r.ID)
	}
	return nil
}

func (e *Evaluator) enlist(rule *Rule, kind Kind) {
	if rule.Review != nil {
		e.reviews[kind] = append(e.reviews[kind], rule)
		return
	}
	for _, mode := range modes() {
		if rule.Modes == nil || slices.Contains(rule.Modes, mode) {
			e.checks[kind][mode] = append(e.checks[kind][mode], rule)
		}
	}
}

// Rule returns the rule of an id.
func (e *Evaluator) Rule(id string) (*Rule, bool) {
	rule, ok := e.byID[id]
	return rule, ok
}

// MaxPerRule bounds the findings of one rule on one subject: nobody reads more, and each is compared with the others.
const MaxPerRule = 100

// Evaluate returns all findings of a subject, in the order of the rules, at most MaxPerRule of each. A mistake that two rules see
// from two sides is reported once, by the rule that comes first.
func (e *Evaluator) Evaluate(subject Subject) []Finding {
	var findings []Finding
	for _, rule := range e.checks[subject.Kind][subject.highAvailability().Mode] {
		if !rule.concerns(subject.Version) {
			continue
		}
		violations := rule.Check(&subject)
		for _, violation := range violations[:min(len(violations), MaxPerRule)] {
			findings = add(findings, rule, violation)
		}
	}
	for _, rule := range e.reviews[subject.Kind] {
		for _, violation := range rule.Review(&subject, findings) {
			findings = add(findings, rule, violation)
		}
	}
	return findings
}

// concerns tells whether a version may have the mistake.
func (r *Rule) concerns(version flink.Version) bool {
	if r.Versions == (flink.Version{}) {
		return true
	}
	_, possible := r.Versions.And(version)
	return possible
}

// add appends a violation, unless an earlier finding names its place as the cause, or is about the same place and option.
func add(findings []Finding, rule *Rule, violation Violation) []Finding {
	for i := range findings {
		if violation.isSaidBy(&findings[i]) {
			return findings
		}
	}
	if violation.Level == "" {
		violation.Level = rule.Level
	}
	if violation.Effect == "" {
		violation.Effect = rule.Effect
	}
	return append(findings, Finding{Rule: rule.ID, Introduced: rule.Introduced, Advice: rule.Advice || violation.Unsure, Violation: violation})
}

// isSaidBy tells whether an earlier finding is about the same mistake. What is missing has no place of its own: several options
// may be missing from one field.
func (v *Violation) isSaidBy(earlier *Finding) bool {
	if earlier.Cause != (flink.Position{}) && earlier.Cause == v.Position {
		return true
	}
	if v.Position.Line == 0 && v.Found == nil {
		return false
	}
	return earlier.Position == v.Position && earlier.Option == v.Option && v.Option != ""
}
