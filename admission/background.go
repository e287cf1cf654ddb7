package admission

import (
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Findings are what would be refused or warned about if a member that is there came now: the same verdict, in the background. A
// member that is exempt has none.
func (r *Reviewer) Findings(member *inventory.Member) []validation.Finding {
	ruling := r.rule(member.Namespace, authenticationv1.UserInfo{})
	if ruling.exempt != "" {
		return nil
	}
	t := r.targetOf(member, ruling)
	if t == nil {
		return nil
	}
	var findings []validation.Finding
	for _, judged := range r.judge(r.examine(t, nil, ruling), t.exemptions(), ruling, occasion{operation: admissionv1.Create}) {
		if judged.Action == policy.ActionDeny || judged.Action == policy.ActionWarn {
			findings = append(findings, judged.Finding)
		}
	}
	return findings
}
