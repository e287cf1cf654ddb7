package validation

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestMessageNamesThePlaceOnce(t *testing.T) {
	value := "3"
	cases := map[string]Finding{
		`spec.replicas is "3"`: {Violation: Violation{Setting: "replicas", Position: flink.Position{Path: "spec.replicas"}, Found: &value}},
		`spec.flinkConfiguration["a.b"] is not set`: {Violation: Violation{
			Setting: "a.b", Position: flink.Position{Path: `spec.flinkConfiguration["a.b"]`},
		}},
		`kind is "3"`:                            {Violation: Violation{Setting: "kind", Position: flink.Position{Path: "kind"}, Found: &value}},
		`data["b"]: b is "3"`:                    {Violation: Violation{Setting: "b", Position: flink.Position{Path: `data["b"]`, Line: 1}, Found: &value}},
		`spec.maxReplicas: Replicas is "3"`:      {Violation: Violation{Setting: "Replicas", Position: flink.Position{Path: "spec.maxReplicas"}, Found: &value}},
		`spec.x: Flink would not load this file`: {Violation: Violation{Position: flink.Position{Path: "spec.x"}}},
	}
	for want, finding := range cases {
		if want = strings.Replace(want, `data["b"]:`, `data["b"]:1:`, 1); finding.Message() != want {
			t.Errorf("got %s, want %s", finding.Message(), want)
		}
	}
}

func TestBrief(t *testing.T) {
	value := "s3://bucket/" + strings.Repeat("x", 100)
	finding := Finding{Violation: Violation{
		Setting: "key", Position: flink.Position{Path: `data["f"]`, Line: 1}, Found: &value,
		Detail: "the detail", Effect: "the effect", Needed: "what is needed", Remedy: "the remedy",
	}}
	shown := func(n int) string {
		return `data["f"]:1: key is "s3://bucket/` + strings.Repeat("x", n-len("s3://bucket/")) + `…"`
	}
	whole := finding.Message()
	cases := []struct {
		limit int
		want  string
	}{
		{len(whole), whole},
		{len(whole) - 1, strings.Replace(whole, "; needs what is needed", "", 1)},
		{140, shown(48) + ` (the detail); the effect; fix: the remedy`},
		{105, shown(24) + ` (the detail); the effect; fix: the remedy`},
		{85, shown(24) + ` (the detail); fix: the remedy`},
		{75, shown(24) + `; fix: the remedy`},
		{0, shown(24) + `; fix: the remedy`},
	}
	for _, tc := range cases {
		if got := finding.Brief(tc.limit); got != tc.want {
			t.Errorf("%d: got\n  %s\nwant\n  %s", tc.limit, got, tc.want)
		}
	}
}

func TestManifestsStandBelowTheMessage(t *testing.T) {
	finding := Finding{Violation: Violation{Setting: "key", Position: flink.Position{Path: "spec.key"}, Remedy: "the remedy", Manifest: "kind: Role\n---\nkind: RoleBinding\n"}}
	const sentence = "spec.key is not set; fix: the remedy"
	if got, want := finding.Message(), sentence+":\nkind: Role\n---\nkind: RoleBinding"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := finding.Brief(1000); got != sentence {
		t.Errorf("got %q for a warning", got)
	}
	if finding.Manifest = strings.Repeat("x", maxManifest+1); finding.Message() != sentence {
		t.Errorf("got %d bytes for a manifest that is too long", len(finding.Message()))
	}
}

func TestMessagesAreBounded(t *testing.T) {
	long := strings.Repeat("ü", 100_000)
	finding := Finding{Violation: Violation{
		Setting: long, Position: flink.Position{Path: long}, Found: &long, Detail: long, Effect: long, Needed: long, Remedy: long,
	}}
	if got := finding.Message(); len(got) > 7*maxPart || !strings.Contains(got, "ü…") || strings.Contains(got, "\ufffd") {
		t.Errorf("got %d bytes", len(got))
	}
}

// TestWarningsHaveRoomForEffectAndFix looks at every example: as a warning it still says what happens, and what to do.
func TestWarningsHaveRoomForEffectAndFix(t *testing.T) {
	const room = 256
	evaluator := mustEvaluator(t)
	for _, rule := range Rules() {
		for _, finding := range exampleFindings(t, evaluator, rule) {
			brief := finding.Brief(room - len("["+rule.ID+"] "))
			if len(brief) > room-len("["+rule.ID+"] ") || !strings.Contains(brief, "fix: "+finding.Remedy) {
				t.Errorf("%s: no room for the fix in\n  %s", rule.ID, brief)
			}
			if !strings.Contains(brief, finding.Effect) && finding.Detail == "" {
				t.Errorf("%s: nothing is left of why in\n  %s", rule.ID, brief)
			}
		}
	}
}

// exampleFindings are a rule's findings in its example, as far as the subject by itself shows them.
func exampleFindings(t *testing.T, evaluator *Evaluator, rule Rule) []Finding {
	t.Helper()
	if rule.Example.Before != "" || rule.Example.Deletion || len(rule.Example.Prefixes) > 0 || len(rule.On) == 1 && rule.On[0] == OfNamespace {
		return nil
	}
	read := manifest
	if rule.On[0] == OfHAState {
		read = byItsLabels
	}
	var own []Finding
	for _, finding := range evaluator.Evaluate(read(t, rule.Example.Wrong)) {
		if finding.Rule == rule.ID {
			own = append(own, finding)
		}
	}
	return own
}
