package report

import (
	"encoding/json"
	"errors"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// evil is a text that ends whatever it stands in, if it is let: lines of YAML and of comments, JSON, Markdown, XML, the escape
// sequences of terminals, placeholders and links of SARIF.
const evil = "a\"'\n---\n- op: remove\r\n\t#\u0085\u2028\u202e\x1b[31m\x00\x7f\u009b]]></x>`${x}{0}[text](0)\U000e0001:: %0A\xff"

// hostileReport has all fields filled, each with a text that wants to break out.
func hostileReport() *check.Report {
	value := evil
	text, err := json.Marshal(evil)
	if err != nil {
		panic(err)
	}
	edits := []mutation.Edit{{
		Operations: []mutation.Operation{
			{Op: "add", Path: "/data/" + evil, Value: text},
			{Op: "remove", Path: "/metadata/" + evil},
			{Op: "test", Path: "/data", Value: json.RawMessage("null")},
		},
		Reason: evil,
	}}
	place := manifest.Place{File: evil + ".yaml", Line: 3, Column: 7}
	finding := func(action policy.Action) check.Finding {
		return check.Finding{
			Place: place, Missing: true, Baseline: action == policy.ActionExempt, Line: evil,
			Judged: admission.Judged{Action: action, Finding: validation.Finding{
				Rule: "storage-dir-missing", Violation: validation.Violation{
					Option: evil, Setting: evil, Level: policy.LevelBaseline, Position: flink.Position{Path: evil}, Found: &value,
					Needed: evil, Remedy: evil, Detail: evil, Unsure: true, Fix: []validation.Change{{Path: evil}},
				},
			}},
		}
	}
	return &check.Report{
		Summary: check.Summary{Objects: 2, Deny: 1, Skip: 1},
		Objects: []check.Object{
			{
				Place: place, APIVersion: "apps/" + evil, Kind: evil, Namespace: evil, Name: evil, Verdict: admission.VerdictDeny,
				Exempt: "user", Findings: []check.Finding{
					finding(policy.ActionDeny), finding(policy.ActionWarn), finding(policy.ActionAudit), finding(policy.ActionExempt),
				},
				Edits: edits, Planned: edits, Notes: []string{evil}, Refusal: evil, Unknown: []string{evil},
				Mutated: json.RawMessage(`{"` + "k" + `":` + string(text) + `,` + string(text) + `:[` + string(text) + `]}`),
			},
			{Place: manifest.Place{File: "-"}, Verdict: admission.VerdictSkip, Name: evil},
		},
		Problems: []error{&manifest.ProblemError{Place: place, Reason: evil}, errors.New(evil)},
		Left:     []check.Remark{{Place: manifest.Place{File: evil}, Text: evil}},
	}
}
