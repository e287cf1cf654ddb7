package policy

import "testing"

func TestRuleIsMoved(t *testing.T) {
	p := Default()
	p.Rules = map[string]RuleOverride{
		"moved-up":  {Level: LevelBaseline, Reason: "we lost jobs to it"},
		"moved-off": {Level: LevelOff, Reason: "not here"},
	}
	cases := map[string]struct {
		rule Rule
		want Level
		does Action
	}{
		"a rule that nobody moved": {Rule{ID: "other", Level: LevelStrict}, LevelStrict, ActionWarn},
		"a rule moved up":          {Rule{ID: "moved-up", Level: LevelStrict}, LevelBaseline, ActionDeny},
		"a rule turned off":        {Rule{ID: "moved-off", Level: LevelBaseline}, LevelOff, ActionNone},
	}
	for name, tc := range cases {
		if got := p.Level(tc.rule); got != tc.want {
			t.Errorf("%s: got the level %s, want %s", name, got, tc.want)
		}
		if got := p.Action(p.Defaults, tc.rule); got != tc.does {
			t.Errorf("%s: got %s, want %s", name, got, tc.does)
		}
	}
}
