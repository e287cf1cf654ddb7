package policy

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(text string) time.Time {
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return moment
}

func on(text string) time.Time { return at(text + "T00:00:00Z") }

func TestExemptNamespace(t *testing.T) {
	p := Policy{Exemptions: Exemptions{Namespaces: []ExemptionEntry{
		{Name: "for-good"},
		{Name: "until", Until: on("2030-01-31")},
		{Name: "again", Until: on("2029-01-31")},
		{Name: "again", Reason: "second try", Until: on("2030-01-31")},
	}}}
	cases := map[string]struct {
		name, now  string
		want       bool
		wantReason string
	}{
		"an entry without an end":          {"for-good", "2090-01-01T00:00:00Z", true, ""},
		"the last second of the last day":  {"until", "2030-01-31T23:59:59Z", true, ""},
		"the first second after it":        {"until", "2030-02-01T00:00:00Z", false, ""},
		"still the last day, but not here": {"until", "2030-02-01T01:00:00+02:00", true, ""},
		"already the next day, not here":   {"until", "2030-01-31T23:00:00-02:00", false, ""},
		"one entry ended, one holds":       {"again", "2030-01-01T12:00:00Z", true, "second try"},
		"a part of a name":                 {"for", "2030-01-01T00:00:00Z", false, ""},
	}
	for name, tc := range cases {
		entry, got := p.ExemptNamespace(tc.name, at(tc.now))
		if got != tc.want || entry.Reason != tc.wantReason {
			t.Errorf("%s: got %t for the reason %q, want %t for %q", name, got, entry.Reason, tc.want, tc.wantReason)
		}
	}
}

func TestUsers(t *testing.T) {
	const restorer = "system:serviceaccount:backup:restorer"
	p := Policy{
		Exemptions:   Exemptions{Usernames: []ExemptionEntry{{Name: "admin"}, {Name: "past", Until: on("2020-01-01")}}},
		RestoreUsers: []string{restorer},
	}
	for user, want := range map[string]bool{"admin": true, "Admin": false, "past": false, restorer: false, "": false} {
		if _, got := p.ExemptUser(user, on("2030-01-01")); got != want {
			t.Errorf("exempt user %q: got %t, want %t", user, got, want)
		}
	}
	for user, want := range map[string]bool{restorer: true, "admin": false, restorer + "2": false} {
		if got := p.RestoreUser(user); got != want {
			t.Errorf("restore user %q: got %t, want %t", user, got, want)
		}
	}
}

func TestPolicyProblems(t *testing.T) {
	p := Policy{Exemptions: Exemptions{
		Namespaces: []ExemptionEntry{
			{Name: "ended", Until: on("2029-12-31")},
			{Name: "last-day", Until: on("2030-01-01")},
			{Name: "tomorrow", Until: on("2030-01-02")},
			{Name: "soon", Until: on("2030-01-15")},
			{Name: "later", Until: on("2030-01-16")},
			{Name: "for-good"},
		},
		Usernames: []ExemptionEntry{{Name: "past", Until: on("2020-01-01")}},
	}, HAConfigMaps: HAConfigMaps{Undelete: UndeleteAuto}}
	want := []string{
		`exemptions.namespaces: the entry "ended" ended on 2029-12-31 and no longer holds; remove it, or give it a later day`,
		`exemptions.namespaces: the entry "last-day" ends today, on 2030-01-01`,
		`exemptions.namespaces: the entry "tomorrow" ends tomorrow, on 2030-01-02`,
		`exemptions.namespaces: the entry "soon" ends in 14 days, on 2030-01-15`,
		`exemptions.usernames: the entry "past" ended on 2020-01-01 and no longer holds; remove it, or give it a later day`,
		"haConfigMaps.undelete is auto and haConfigMaps.keepDeletedDays is 0: what is not kept is not brought back; keep it for a day or more",
	}
	if diff := cmp.Diff(want, p.Problems(at("2030-01-01T15:00:00Z"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	standard := Default()
	if got := standard.Problems(on("2030-01-01")); got != nil {
		t.Errorf("the default has problems: %q", got)
	}
}
