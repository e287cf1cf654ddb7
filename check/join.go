package check

import (
	"slices"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// join takes over a verdict. What several worlds share is judged in each of them: what is found in one of them is found, and counts
// as it does where it is gravest. Edits are those of the first world that has some.
func (o *Object) join(verdict *Object) {
	if o.Verdict == admission.VerdictSkip {
		verdict.Place, verdict.APIVersion, verdict.Kind, verdict.Namespace, verdict.Name = o.Place, o.APIVersion, o.Kind, o.Namespace, o.Name
		if verdict.Mutated == nil {
			verdict.Mutated = o.Mutated
		}
		*o = *verdict
		return
	}
	if gravity(verdict.Verdict) > gravity(o.Verdict) {
		o.Verdict = verdict.Verdict
	}
	if o.Refusal == "" {
		o.Refusal = verdict.Refusal
	}
	for i := range verdict.Findings {
		o.joinFinding(&verdict.Findings[i])
	}
	o.Notes, o.Unknown = joined(o.Notes, verdict.Notes), joined(o.Unknown, verdict.Unknown)
	if len(o.Edits) == 0 && len(o.Planned) == 0 {
		o.Edits, o.Planned = verdict.Edits, verdict.Planned
		if verdict.Mutated != nil {
			o.Mutated = verdict.Mutated
		}
	}
}

// gravity orders verdicts.
func gravity(verdict admission.Verdict) int {
	return slices.Index([]admission.Verdict{admission.VerdictSkip, admission.VerdictAllow, admission.VerdictWarn, admission.VerdictDeny}, verdict)
}

// joinFinding adds a finding unless it is there already, at the same place.
func (o *Object) joinFinding(finding *Finding) {
	for i := range o.Findings {
		known := &o.Findings[i]
		if known.Identity() != finding.Identity() || known.Place != finding.Place {
			continue
		}
		if finding.Action == policy.ActionDeny && known.Action != policy.ActionDeny {
			*known = *finding
		}
		return
	}
	o.Findings = append(o.Findings, *finding)
}

// joined are sentences and others, each once.
func joined(some, others []string) []string {
	for _, other := range others {
		if !slices.Contains(some, other) {
			some = append(some, other)
		}
	}
	return some
}
