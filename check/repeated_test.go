package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestAMistakeInAConfigMapIsSaidOnce, of the ConfigMap or, where that is exempt or says nothing, of the first workload that reads it.
func TestAMistakeInAConfigMapIsSaidOnce(t *testing.T) {
	found := func(path string, line int, rule string, action policy.Action) Finding {
		violation := validation.Violation{Option: "o", Position: flink.Position{Path: path, Line: 1}}
		return Finding{
			Judged: admission.Judged{Finding: validation.Finding{Rule: rule, Violation: violation}, Action: action},
			Place:  manifest.Place{File: "f.yaml", Line: line, Column: 1},
		}
	}
	const own, inside = `data["flink-conf.yaml"]`, `configMap c data["flink-conf.yaml"]`
	report := &Report{Objects: []Object{
		{Name: "jm", Findings: []Finding{
			found(inside, 3, "a", policy.ActionWarn), found(inside, 4, "a", policy.ActionWarn), found(inside, 5, "b", policy.ActionDeny),
			found(inside, 0, "a", policy.ActionWarn), found("spec.template", 9, "a", policy.ActionWarn),
		}},
		{Name: "tm", Findings: []Finding{found(inside, 4, "a", policy.ActionWarn), found(inside, 3, "b", policy.ActionWarn)}},
		{Name: "c", Findings: []Finding{found(own, 3, "a", policy.ActionDeny), found(own, 5, "b", policy.ActionExempt)}},
	}}
	report.MarkRepeated()
	got := map[string][]bool{}
	for _, object := range report.Objects {
		for _, finding := range object.Findings {
			got[object.Name] = append(got[object.Name], finding.Repeated)
		}
	}
	want := map[string][]bool{"jm": {true, false, false, false, false}, "tm": {true, false}, "c": {false, false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
