package webhook

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func finding(rule string, level policy.Level, action policy.Action) admission.Judged {
	value := "NONE"
	return admission.Judged{
		Action: action,
		Finding: validation.Finding{Rule: rule, Violation: validation.Violation{
			Level:    level,
			Setting:  "high-availability.type",
			Position: flink.Position{Path: `data["config.yaml"]`, Line: 3, Column: 9},
			Found:    &value,
			Needed:   "kubernetes",
			Remedy:   "high-availability.type: kubernetes",
		}},
	}
}

// The core's part is played by a stub here, so that the bytes are about nothing but this package.
func TestADecisionAtTheWire(t *testing.T) {
	account := mutation.Edit{Reason: "…", Operations: []mutation.Operation{
		{Op: "add", Path: "/spec/template/spec/serviceAccountName", Value: json.RawMessage(`"flink"`)},
	}}
	for sentence, tc := range map[string]struct {
		decision admission.Decision
		want     string
	}{
		"what is not ours is allowed without a word": {
			decision: admission.Decision{Kind: "ConfigMap", Name: "c"},
			want:     `{"uid":"` + testUID + `","allowed":true}`,
		},
		"what is in order is allowed and noted in the audit log": {
			decision: admission.Decision{Kind: "ConfigMap", Name: "c", Recognized: true},
			want:     `{"uid":"` + testUID + `","allowed":true,"auditAnnotations":{"decision":"allow"}}`,
		},
		"a denial is a 403 with all findings in message and causes": {
			decision: admission.Decision{Kind: "ConfigMap", Name: "c", Recognized: true, Findings: []admission.Judged{
				finding("first-rule", policy.LevelBaseline, policy.ActionDeny),
				finding("second-rule", policy.LevelStrict, policy.ActionWarn),
			}},
			want: `{"uid":"` + testUID + `","allowed":false,"status":{"metadata":{},"status":"Failure",` +
				`"message":"ConfigMap \"c\": 1 violation of Flink high availability\n* [first-rule] data[\"config.yaml\"]:3:9: high-availability.type is \"NONE\"; needs kubernetes; fix: high-availability.type: kubernetes\nsee https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/first-rule.md",` +
				`"reason":"Forbidden","details":{"name":"c","kind":"ConfigMap","causes":[{"reason":"first-rule",` +
				`"message":"data[\"config.yaml\"]:3:9: high-availability.type is \"NONE\"; needs kubernetes; fix: high-availability.type: kubernetes","field":"data[\"config.yaml\"]"}]},"code":403},` +
				`"auditAnnotations":{"decision":"deny","rules":"first-rule,second-rule"},` +
				`"warnings":["[second-rule] data[\"config.yaml\"]:3:9: high-availability.type is \"NONE\"; needs kubernetes; fix: high-availability.type: kubernetes"]}`,
		},
		"a violation that is only warned about is named as one that would be denied": {
			decision: admission.Decision{Kind: "ConfigMap", Name: "c", Recognized: true, Findings: []admission.Judged{
				finding("first-rule", policy.LevelBaseline, policy.ActionWarn),
			}},
			want: `{"uid":"` + testUID + `","allowed":true,"auditAnnotations":{"decision":"warn","rules":"first-rule","would-deny":"first-rule"},` +
				`"warnings":["[first-rule] data[\"config.yaml\"]:3:9: high-availability.type is \"NONE\"; needs kubernetes; fix: high-availability.type: kubernetes"]}`,
		},
		"an edit is a JSON Patch": {
			decision: admission.Decision{Kind: "Deployment", Name: "d", Recognized: true, Edits: []mutation.Edit{account}},
			want: `{"uid":"` + testUID + `","allowed":true,` +
				`"patch":"W3sib3AiOiJhZGQiLCJwYXRoIjoiL3NwZWMvdGVtcGxhdGUvc3BlYy9zZXJ2aWNlQWNjb3VudE5hbWUiLCJ2YWx1ZSI6ImZsaW5rIn1d","patchType":"JSONPatch",` +
				`"auditAnnotations":{"decision":"allow"}}`,
		},
		"nothing is edited in what is refused": {
			decision: admission.Decision{
				Kind: "Deployment", Name: "d", Recognized: true, Edits: []mutation.Edit{account},
				Findings: []admission.Judged{finding("first-rule", policy.LevelBaseline, policy.ActionDeny)},
			},
			want: `{"uid":"` + testUID + `","allowed":false,"status":{"metadata":{},"status":"Failure",` +
				`"message":"Deployment \"d\": 1 violation of Flink high availability\n* [first-rule] data[\"config.yaml\"]:3:9: high-availability.type is \"NONE\"; needs kubernetes; fix: high-availability.type: kubernetes\nsee https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/first-rule.md",` +
				`"reason":"Forbidden","details":{"name":"d","kind":"ConfigMap","causes":[{"reason":"first-rule",` +
				`"message":"data[\"config.yaml\"]:3:9: high-availability.type is \"NONE\"; needs kubernetes; fix: high-availability.type: kubernetes","field":"data[\"config.yaml\"]"}]},"code":403},` +
				`"auditAnnotations":{"decision":"deny","rules":"first-rule"}}`,
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			handler, _, _ := newStub(t, func(*admissionv1.AdmissionRequest) (admission.Decision, error) { return tc.decision, nil })
			code, answer := post(handler, reviewOf(t, jobManagerDeployment))
			if code != http.StatusOK {
				t.Errorf("HTTP status: got %d, want 200", code)
			}
			want := `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":` + tc.want + `}`
			if diff := cmp.Diff(indented(t, want), indented(t, answer)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
