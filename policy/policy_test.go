package policy

import "testing"

func TestModesAction(t *testing.T) {
	cases := map[string]struct {
		modes            Modes
		baseline, strict Action
	}{
		"the default":        {Default().Modes, ActionDeny, ActionWarn},
		"a trial":            {Modes{Enforce: LevelOff, Warn: LevelStrict, Audit: LevelStrict}, ActionWarn, ActionWarn},
		"audit only":         {Modes{Enforce: LevelOff, Warn: LevelOff, Audit: LevelBaseline}, ActionAudit, ActionNone},
		"everything refused": {Modes{Enforce: LevelStrict}, ActionDeny, ActionDeny},
		"nothing":            {Modes{}, ActionNone, ActionNone},
	}
	for name, tc := range cases {
		if got := tc.modes.Action(LevelBaseline); got != tc.baseline {
			t.Errorf("%s: baseline: got %s, want %s", name, got, tc.baseline)
		}
		if got := tc.modes.Action(LevelStrict); got != tc.strict {
			t.Errorf("%s: strict: got %s, want %s", name, got, tc.strict)
		}
	}
}

func TestHighAvailabilityNotRequired(t *testing.T) {
	cases := map[string]bool{
		"not-required nightly batch":  true,
		"not-required: nightly batch": true,
		" not-required nightly batch": true,
		"not-required":                false, // a reason is owed
		"not-required: ":              false,
		"required":                    false,
		"":                            false,
	}
	for value, want := range cases {
		if got := HighAvailabilityNotRequired(map[string]string{AnnotationHighAvailability: value}); got != want {
			t.Errorf("%q: got %t, want %t", value, got, want)
		}
	}
}
