package policy

import "testing"

func modes(enforce, warn, audit Level) Modes {
	return Modes{Enforce: Mode{Level: enforce}, Warn: Mode{Level: warn}, Audit: Mode{Level: audit}}
}

func TestModesAction(t *testing.T) {
	cases := map[string]struct {
		modes            Modes
		baseline, strict Action
		edits            bool
	}{
		"the default":        {Default().Defaults, ActionDeny, ActionWarn, true},
		"a trial":            {modes(LevelOff, LevelStrict, LevelStrict), ActionWarn, ActionWarn, false},
		"audit only":         {modes(LevelOff, LevelOff, LevelBaseline), ActionAudit, ActionNone, false},
		"everything refused": {modes(LevelStrict, LevelOff, LevelOff), ActionDeny, ActionDeny, true},
		"nothing":            {Modes{}, ActionNone, ActionNone, false},
	}
	for name, tc := range cases {
		if got := tc.modes.Action(Rule{Level: LevelBaseline}); got != tc.baseline {
			t.Errorf("%s: baseline: got %s, want %s", name, got, tc.baseline)
		}
		if got := tc.modes.Action(Rule{Level: LevelStrict}); got != tc.strict {
			t.Errorf("%s: strict: got %s, want %s", name, got, tc.strict)
		}
		if got := tc.modes.Edits(); got != tc.edits {
			t.Errorf("%s: edits: got %t, want %t", name, got, tc.edits)
		}
	}
}

func TestPinnedModeLeavesOutLaterRules(t *testing.T) {
	pinned := Modes{Enforce: Mode{LevelBaseline, "v0.1"}, Warn: Mode{LevelStrict, VersionLatest}, Audit: Mode{LevelStrict, "v0.1"}}
	cases := map[string]struct {
		introduced string
		want       Action
	}{
		"a rule of the rule set":   {"v0.1", ActionDeny},
		"a rule that came later":   {"v0.2", ActionWarn},
		"a rule that does not say": {"", ActionDeny},
	}
	for name, tc := range cases {
		if got := pinned.Action(Rule{ID: "r", Level: LevelBaseline, Introduced: tc.introduced}); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}
