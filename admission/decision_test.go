package admission

import (
	"reflect"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func judged(rule string, level policy.Level, action policy.Action) Judged {
	return Judged{Finding: validation.Finding{Rule: rule, Violation: validation.Violation{Level: level}}, Action: action}
}

func TestRulesAreNamedOnce(t *testing.T) {
	decision := Decision{Recognized: true, Findings: []Judged{
		judged("b", policy.LevelBaseline, policy.ActionDeny),
		judged("a", policy.LevelStrict, policy.ActionWarn),
		judged("b", policy.LevelBaseline, policy.ActionWarn), // of the other file
		judged("c", policy.LevelBaseline, policy.ActionWarn),
	}}
	if got, want := decision.Rules(), []string{"b", "a", "c"}; !reflect.DeepEqual(got, want) {
		t.Errorf("rules: got %v, want %v", got, want)
	}
	if got, want := decision.Spared(), []string{"b", "c"}; !reflect.DeepEqual(got, want) {
		t.Errorf("spared: got %v, want %v", got, want)
	}
}
