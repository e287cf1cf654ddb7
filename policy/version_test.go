package policy

import "testing"

func TestParseVersion(t *testing.T) {
	cases := map[string]struct {
		good, later bool
	}{
		"latest":                  {good: true},
		"v0.1":                    {good: true},
		"v0.2":                    {good: true},
		"v0.3":                    {good: true, later: true},
		"v1.0":                    {good: true, later: true},
		"v0.10":                   {good: true, later: true}, // ten, not one
		"v0.0":                    {},                        // there never was one
		"v0.02":                   {},
		"v00.2":                   {},
		"0.2":                     {},
		"v0":                      {},
		"v0.2.1":                  {},
		"v0.-2":                   {},
		"v0.":                     {},
		"v.2":                     {},
		"Latest":                  {},
		"":                        {},
		"v99999999999999999999.1": {},
	}
	for text, tc := range cases {
		version, err := ParseVersion(text)
		if (err == nil) != tc.good {
			t.Errorf("%q: got the error %v, want good: %t", text, err, tc.good)
		}
		if err == nil && version.Later() != tc.later {
			t.Errorf("%q: got later: %t, want %t", text, version.Later(), tc.later)
		}
	}
	if _, err := ParseVersion("v0"); err.Error() != `found "v0", needs latest, v0.1 or v0.2` {
		t.Errorf("got the message %s", err)
	}
}

func TestVersionAdmits(t *testing.T) {
	cases := []struct {
		version    Version
		introduced string
		want       bool
	}{
		{"v0.1", "v0.1", true},
		{"v0.1", "v0.2", false},
		{"v0.2", "v0.1", true},
		{"v0.2", "v0.10", false},
		{"v0.2", "v1.0", false},
		{"v1.0", "v0.9", true},
		{"v0.1", "", true},
		{VersionLatest, "v9.9", true},
		{"", "v9.9", true},
	}
	for _, tc := range cases {
		if got := tc.version.Admits(tc.introduced); got != tc.want {
			t.Errorf("%q admits %q: got %t, want %t", tc.version, tc.introduced, got, tc.want)
		}
	}
}

func TestRuleSetsAreInOrder(t *testing.T) {
	sets := RuleSets()
	for i, text := range sets {
		set, ok := parseRuleSet(text)
		if !ok {
			t.Fatalf("the rule set %q cannot be read", text)
		}
		if before, _ := parseRuleSet(sets[max(i-1, 0)]); i > 0 && !before.before(set) {
			t.Errorf("%s does not come after %s", text, sets[i-1])
		}
	}
	if sets[len(sets)-1] != CurrentRuleSet {
		t.Errorf("the last rule set is %s, want %s", sets[len(sets)-1], CurrentRuleSet)
	}
}
