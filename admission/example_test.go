package admission

import (
	"slices"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func TestExamplesOfRules(t *testing.T) {
	for _, rule := range validation.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			wrong, right, err := Examine(rule)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(wrong.Rules(), rule.ID) {
				t.Errorf("the wrong example has the findings %v", wrong.Rules())
			}
			if slices.Contains(right.Rules(), rule.ID) || right.Verdict() == VerdictDeny {
				t.Errorf("the right example has the findings %v: %s", right.Rules(), right.Message())
			}
			if others := len(wrong.Rules()); others > 3 {
				t.Errorf("the wrong example shows %d mistakes at once: %v", others, wrong.Rules())
			}
			if rule.Level == policy.LevelBaseline && wrong.Verdict() != VerdictDeny {
				t.Errorf("the mistake of the level baseline gets the verdict %s", wrong.Verdict())
			}
		})
	}
}
