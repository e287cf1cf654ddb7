package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func isRule(id string) bool { return id == "storage-dir-local" || id == "cluster-id-missing" }

func TestObjectExemption(t *testing.T) {
	cases := map[string]struct {
		value       string
		wantReason  string
		wantProblem string
		wantSoon    bool
	}{
		"it holds":                  {"2030-03-01 the new bucket comes in February", "the new bucket comes in February", "", false},
		"the day and a colon":       {"2030-03-01: waiting", "waiting", "", false},
		"on several lines":          {" 2030-03-01\n  waiting\n  for it ", "waiting for it", "", false},
		"the last day":              {"2030-01-01 moving", "moving", "", true},
		"the last day that is soon": {"2030-01-15 moving", "moving", "", true},
		"the first that is not":     {"2030-01-16 moving", "moving", "", false},
		"it ended":                  {"2029-12-31 moving", "moving", "it ended on 2029-12-31", false},
		"the last day allowed":      {"2030-04-01 moving", "moving", "", false},
		"too far ahead":             {"2030-04-02 moving", "moving", "it ends on 2030-04-02, and the policy allows at most 90 days ahead", false},
		"for ever":                  {"9999-12-31 moving", "moving", "it ends on 9999-12-31, and the policy allows at most 90 days ahead", false},
		"in the year 0":             {"0000-01-01 moving", "moving", "it ended on 0000-01-01", false},
		"no reason":                 {"2030-01-10", "", "needs a reason after the day: YYYY-MM-DD reason", false},
		"a reason of signs":         {"2030-01-10 - ", "", "needs a reason after the day: YYYY-MM-DD reason", false},
		"no such day":               {"2030-02-30 moving", "", "needs the last day on which it holds and a reason: YYYY-MM-DD reason", false},
		"a time":                    {"2030-01-10T00:00:00Z moving", "", "needs the last day on which it holds and a reason: YYYY-MM-DD reason", false},
		"a short day":               {"2030-1-1 moving", "", "needs the last day on which it holds and a reason: YYYY-MM-DD reason", false},
		"no day":                    {"we are moving", "", "needs the last day on which it holds and a reason: YYYY-MM-DD reason", false},
		"nothing":                   {"", "", "needs the last day on which it holds and a reason: YYYY-MM-DD reason", false},
		"cut within a character":    {"2030-01-1é x", "", "needs the last day on which it holds and a reason: YYYY-MM-DD reason", false},
	}
	p := Default()
	for name, tc := range cases {
		got := p.ObjectExemptions(map[string]string{AnnotationExemptPrefix + "storage-dir-local": tc.value}, isRule, at("2030-01-01T12:00:00Z"))
		if len(got) != 1 {
			t.Fatalf("%s: got %d exemptions, want 1", name, len(got))
		}
		want := Exemption{
			Rule: "storage-dir-local", Annotation: "exempt.flink-ha.dev/storage-dir-local", LastDay: got[0].LastDay,
			Reason: tc.wantReason, Problem: tc.wantProblem, EndsSoon: tc.wantSoon, Value: got[0].Value,
		}
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !strings.HasPrefix(strings.TrimSpace(tc.value), strings.ToValidUTF8(got[0].Value, "")) || tc.value != "" && got[0].Value == "" {
			t.Errorf("%s: the value is %q", name, got[0].Value)
		}
		if got[0].Holds() != (tc.wantProblem == "") {
			t.Errorf("%s: holds: %t", name, got[0].Holds())
		}
		if tc.wantReason != "" && got[0].LastDay.IsZero() {
			t.Errorf("%s: no last day", name)
		}
	}
}

func TestObjectExemptionsOfAnObject(t *testing.T) {
	annotations := map[string]string{
		"exempt.flink-ha.dev/storage-dir-local":  "2030-01-10 moving",
		"exempt.flink-ha.dev/cluster-id-missing": "2030-01-10 moving",
		"exempt.flink-ha.dev/no-such-rule":       "2030-01-10 moving",
		"exempt.flink-ha.dev/":                   "2030-01-10 moving",
		"flink-ha.dev/high-availability":         "not-required batch",
	}
	none := Default()
	none.Exemptions.Objects.Allowed = false
	unlimited := Default()
	unlimited.Exemptions.Objects.MaxDays = 0
	cases := map[string]struct {
		policy Policy
		want   []string
	}{
		"the default": {Default(), []string{": there is no rule of this name", "cluster-id-missing: ", "no-such-rule: there is no rule of this name", "storage-dir-local: "}},
		"not allowed": {none, []string{
			": there is no rule of this name", "cluster-id-missing: the policy lets no object exempt itself",
			"no-such-rule: there is no rule of this name", "storage-dir-local: the policy lets no object exempt itself",
		}},
		"any day": {unlimited, []string{": there is no rule of this name", "cluster-id-missing: ", "no-such-rule: there is no rule of this name", "storage-dir-local: "}},
	}
	for name, tc := range cases {
		var got []string
		for _, exemption := range tc.policy.ObjectExemptions(annotations, isRule, on("2030-01-01")) {
			if exemption.Problem != "" && exemption.EndsSoon {
				t.Errorf("%s: %s does not hold and ends soon", name, exemption.Rule)
			}
			got = append(got, exemption.Rule+": "+exemption.Problem)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	p := Default()
	if got := p.ObjectExemptions(map[string]string{"a": "b"}, isRule, on("2030-01-01")); got != nil {
		t.Errorf("got %v of an object without exemptions", got)
	}
}

// What an object says may not make the guard say ten thousand things, and one that is right is found among them.
func TestObjectExemptionsAreBounded(t *testing.T) {
	annotations := map[string]string{AnnotationExemptPrefix + "storage-dir-local": "2030-01-10 " + strings.Repeat("é", 100_000)}
	for i := range 10_000 {
		annotations[fmt.Sprintf("%sa%d", AnnotationExemptPrefix, i)] = "2030-01-10 x"
	}
	p := Default()
	got := p.ObjectExemptions(annotations, isRule, on("2030-01-01"))
	if len(got) != maxUnknownExemptions+1 {
		t.Fatalf("got %d exemptions, want %d", len(got), maxUnknownExemptions+1)
	}
	last := got[len(got)-1]
	if !last.Holds() || last.Rule != "storage-dir-local" || len(last.Reason) > maxReason {
		t.Errorf("got %s, which holds: %t, with a reason of %d bytes", last.Rule, last.Holds(), len(last.Reason))
	}
}
