package admission

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Verdict sums a decision up.
type Verdict string

// The verdicts. VerdictSkip is an object that is not ours to judge.
const (
	VerdictSkip  Verdict = "skip"
	VerdictAllow Verdict = "allow"
	VerdictWarn  Verdict = "warn"
	VerdictDeny  Verdict = "deny"
)

// Judged is a finding with what the policy makes of it.
type Judged struct {
	validation.Finding
	Action policy.Action
}

// Decision is what happens to an object.
type Decision struct {
	// Kind and Name of the object, for messages.
	Kind, Name string
	// Recognized is false where the object is not ours to judge.
	Recognized bool
	// Findings, in the order of the rules.
	Findings []Judged
	// Edits to make to the object, and Planned those that the policy only has reported.
	Edits, Planned []mutation.Edit
	// Exempt says why nothing is held against the object, whatever is found: "user", "namespace" or "system"; or "".
	Exempt string
	// Account is what became of the service account of Flink's processes.
	Account Account
	// HAState is what happens to an HA ConfigMap, nil for any other object.
	HAState *HAState
	// Notes are warnings that no rule stands behind, and Refusal is such a reason to refuse; "" for none.
	Notes   []string
	Refusal string
}

// HAState is what a decision is about where it is about an HA ConfigMap, for whoever tells of it afterwards.
type HAState struct {
	Namespace, Name string
	UID             types.UID
	// State is what the name says.
	State hastate.Name
	// Writer is who made the request.
	Writer Writer
	// Owners are the owner references that the request wanted, and Outcome is what became of them; for a deletion, those of the
	// object that is deleted.
	Owners  []metav1.OwnerReference
	Outcome OwnersOutcome
	// Deleter is in what capacity it is deleted; "" for a write. Live tells whether it is in use, as far as that is known.
	Deleter validation.Deleter
	Live    bool
	// Held is true where the deletion is refused.
	Held bool
}

// Writer is who wrote, as far as a review tells.
type Writer struct {
	Username string
	Groups   []string
	// Manager is the field manager that the request names, "" for none.
	Manager string
}

// OwnersOutcome is what became of the owner references of an HA ConfigMap.
type OwnersOutcome string

// What may become of them.
const (
	// OwnersStripped: they were removed from the request.
	OwnersStripped OwnersOutcome = "stripped"
	// OwnersKept: they stay, because the ConfigMap says so.
	OwnersKept OwnersOutcome = "kept"
	// OwnersLeft: they stay, because the policy changes nothing here.
	OwnersLeft OwnersOutcome = "left"
)

// OwnersOutcomes are all of them.
func OwnersOutcomes() []OwnersOutcome {
	return []OwnersOutcome{OwnersStripped, OwnersKept, OwnersLeft}
}

// Verdict is the gravest of what the findings do.
func (d *Decision) Verdict() Verdict {
	switch {
	case !d.Recognized:
		return VerdictSkip
	case d.Refusal != "", len(d.findings(policy.ActionDeny)) > 0:
		return VerdictDeny
	case len(d.findings(policy.ActionWarn)) > 0 || len(d.Notes) > 0:
		return VerdictWarn
	}
	return VerdictAllow
}

// Rules are the ids of the rules that found something, each once, in order.
func (d *Decision) Rules() []string { return ruleIDs(d.Findings) }

// Denied are the findings for which the object is refused.
func (d *Decision) Denied() []Judged { return d.findings(policy.ActionDeny) }

func (d *Decision) findings(action policy.Action) []Judged {
	var selected []Judged
	for _, finding := range d.Findings {
		if finding.Action == action {
			selected = append(selected, finding)
		}
	}
	return selected
}

// Spared are the ids of the baseline's rules whose findings were not held against the object: it had them before, somebody
// else made it, it is exempt from them, or they are not enforced.
func (d *Decision) Spared() []string {
	var spared []Judged
	for _, finding := range d.Findings {
		if finding.Level == policy.LevelBaseline && finding.Action != policy.ActionDeny {
			spared = append(spared, finding)
		}
	}
	return ruleIDs(spared)
}

// Exempted says why findings are not held against the object: why the whole request is exempt, or the ids of the rules from
// which the object itself is.
func (d *Decision) Exempted() []string {
	if d.Exempt != "" {
		return []string{d.Exempt}
	}
	return ruleIDs(d.findings(policy.ActionExempt))
}

// Others are the objects of other namespaces that findings are about: for the audit log, not for the requester.
func (d *Decision) Others() []string {
	var others []string
	for _, finding := range d.Findings {
		for _, other := range finding.Others {
			if !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
	}
	return others
}

// ruleIDs names each rule once, in the order of its first finding; a ConfigMap with two files has findings of one rule apart.
func ruleIDs(findings []Judged) []string {
	var ids []string
	for _, finding := range findings {
		if !slices.Contains(ids, finding.Rule) {
			ids = append(ids, finding.Rule)
		}
	}
	return ids
}

// Message tells why the object is refused, with all findings, in the words that the user reads in the terminal.
func (d *Decision) Message() string {
	denied := d.Denied()
	if len(denied) == 0 {
		return fmt.Sprintf("%s %q: %s", d.Kind, d.Name, d.Refusal)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q: %s of Flink high availability", d.Kind, d.Name, flink.Count(len(denied), "violation"))
	for _, finding := range denied {
		fmt.Fprintf(&b, "\n* [%s] %s", finding.Rule, finding.Message())
	}
	for _, id := range ruleIDs(denied) {
		fmt.Fprintf(&b, "\nsee %s", validation.DocsURL(id))
	}
	return b.String()
}

// maxWarning is how long a warning may be before clients cut it (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response).
const maxWarning = 256

// Warnings are the findings that are warned about and the notes, each at most 256 characters, most important first.
func (d *Decision) Warnings() []string {
	var warnings []string
	for _, level := range []policy.Level{policy.LevelBaseline, policy.LevelStrict} {
		for _, finding := range d.findings(policy.ActionWarn) {
			if finding.Level == level {
				id := "[" + finding.Rule + "] "
				warnings = append(warnings, flink.Clip(id+finding.Brief(maxWarning-len(id)), maxWarning))
			}
		}
	}
	for _, note := range d.Notes {
		warnings = append(warnings, flink.Clip(note, maxWarning))
	}
	return warnings
}
