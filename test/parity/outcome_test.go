package parity

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// outcome is what somebody hears of an object, and what becomes of it.
type outcome struct {
	Verdict admission.Verdict
	// Message of a refusal, and its causes, as "rule field message".
	Message string
	Causes  []string
	// Warnings, sorted: those of several webhooks come in no order.
	Warnings []string
	// Annotations of the audit log, from all webhooks.
	Rules, WouldDeny, Exempt, Others string
	// Patch is the patch as JSON, and Object what comes of it.
	Patch  string
	Object string
}

// differences compares two outcomes, and says where they differ.
func (o *outcome) differences(other *outcome) []string {
	var found []string
	compare := func(what, one, another string) {
		if one != another {
			found = append(found, fmt.Sprintf("%s:\n  check:  %s\n  server: %s", what, one, another))
		}
	}
	compare("verdict", string(o.Verdict), string(other.Verdict))
	compare("message", o.Message, other.Message)
	compare("causes", strings.Join(o.Causes, "\n    "), strings.Join(other.Causes, "\n    "))
	compare("warnings", strings.Join(o.Warnings, "\n    "), strings.Join(other.Warnings, "\n    "))
	compare("rules", o.Rules, other.Rules)
	compare("would-deny", o.WouldDeny, other.WouldDeny)
	compare("exempt", o.Exempt, other.Exempt)
	compare("other clusters", o.Others, other.Others)
	compare("patch", o.Patch, other.Patch)
	compare("object", o.Object, other.Object)
	return found
}

// take adds what a webhook answered.
func (o *outcome) take(response *admissionv1.AdmissionResponse) {
	annotations := response.AuditAnnotations
	if verdict := admission.Verdict(annotations["decision"]); gravity(verdict) > gravity(o.Verdict) {
		o.Verdict = verdict
	}
	o.Warnings = append(o.Warnings, response.Warnings...)
	slices.Sort(o.Warnings)
	if !response.Allowed {
		o.Verdict, o.Message = admission.VerdictDeny, response.Result.Message
		for _, cause := range response.Result.Details.Causes {
			o.Causes = append(o.Causes, fmt.Sprintf("%s %s %s", cause.Type, cause.Field, cause.Message))
		}
	}
	for _, annotation := range []struct {
		into *string
		name string
	}{{&o.Rules, "rules"}, {&o.WouldDeny, "would-deny"}, {&o.Exempt, "exempt"}, {&o.Others, "other-clusters"}} {
		if *annotation.into == "" { // what two webhooks say of one object is the same
			*annotation.into = annotations[annotation.name]
		}
	}
	if len(response.Patch) > 0 {
		o.Patch += canonical(response.Patch)
	}
}

// canonical is JSON with its keys in order.
func canonical(raw []byte) string {
	var content any
	if err := json.Unmarshal(raw, &content); err != nil {
		return err.Error()
	}
	again, err := json.Marshal(content)
	if err != nil {
		return err.Error()
	}
	return string(again)
}

func gravity(verdict admission.Verdict) int {
	return slices.Index([]admission.Verdict{"", admission.VerdictSkip, admission.VerdictAllow, admission.VerdictWarn, admission.VerdictDeny}, verdict)
}

// outcomeOf is what a report says of an object, in the words of the server.
func outcomeOf(object *check.Object) (outcome, error) {
	decision := admission.Decision{
		Kind: object.Kind, Name: object.Name, Recognized: object.Verdict != admission.VerdictSkip, Exempt: object.Exempt, Notes: object.Notes, Refusal: object.Refusal,
	}
	for i := range object.Findings {
		decision.Findings = append(decision.Findings, object.Findings[i].Judged)
	}
	made := outcome{
		Verdict: object.Verdict, Warnings: decision.Warnings(), Rules: strings.Join(decision.Rules(), ","), WouldDeny: strings.Join(decision.Spared(), ","),
		Exempt: strings.Join(decision.Exempted(), ","), Others: strings.Join(decision.Others(), ","),
	}
	slices.Sort(made.Warnings)
	if made.Verdict == admission.VerdictDeny {
		made.Message = decision.Message()
		for _, finding := range decision.Denied() {
			made.Causes = append(made.Causes, fmt.Sprintf("%s %s %s", finding.Rule, finding.Position.Path, finding.Message()))
		}
	}
	if operations := mutation.Patch(object.Edits); len(operations) > 0 {
		patch, err := json.Marshal(operations)
		if err != nil {
			return outcome{}, err
		}
		made.Patch = canonical(patch)
		made.Object = string(object.Mutated)
	}
	return made, nil
}
