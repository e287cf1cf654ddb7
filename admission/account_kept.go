package admission

import (
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// An update may put a manifest that names no account, or "default", in place of an object that has got the account of its namespace.
// Whether that would be injected today does not matter then: without it the processes restart, though nobody asked for that, and on
// an account that lacks rights, or of which nothing is known at the moment.

// keptReason completes the sentence of an edit.
const keptReason = "the object has this account, which the request leaves out; without it the processes would restart under the account \"default\""

// keepsAccount tells whether a workload keeps the account that it has, whatever was chosen for it. previous is nil for one that is new.
func (r *Reviewer) keepsAccount(request *admissionv1.AdmissionRequest, running, previous *workloadObject, chosen Account, ruling ruling) string {
	if previous == nil {
		return ""
	}
	had := workload.AccountOfPods(&previous.Spec.Template.Spec, "").Name
	return r.kept(request.Namespace, had, chosen, ruling, func() bool {
		template := running.Spec.Template.DeepCopy()
		if workload.AccountOfPods(&template.Spec, "").Named {
			return false
		}
		template.Spec.ServiceAccountName = previous.Spec.Template.Spec.ServiceAccountName
		template.Spec.DeprecatedServiceAccount = previous.Spec.Template.Spec.DeprecatedServiceAccount
		return equality.Semantic.DeepEqual(&previous.Spec.Template, template)
	})
}

// keepsResourceAccount tells the same of a custom resource.
func (r *Reviewer) keepsResourceAccount(
	request *admissionv1.AdmissionRequest, t *target, previous *map[string]any, pointer string, chosen Account, ruling ruling,
) string {
	if previous == nil {
		return ""
	}
	spec := specOf(t.member.Content, t.member.Resource.Path)
	had, _ := specOf(*previous, t.member.Resource.Path)["serviceAccount"].(string)
	return r.kept(request.Namespace, had, chosen, ruling, func() bool {
		restored, err := Apply(mutation.PlanResourceAccount(spec, pointer, had), request.Object.Raw)
		var content map[string]any
		return err == nil && spec["serviceAccount"] == nil && decode(restored, "object", &content) == nil && !workload.Upgrades(*previous, content)
	})
}

// kept is the account that an object keeps, "" for none. It had an account, and unchanged tells whether the request names none, and
// nothing restarts as long as that stays. Where "default" has the rights by now, who names it gets it. The labels of the namespace
// are believed even where they are not known to be the last ones.
func (r *Reviewer) kept(namespace, had string, chosen Account, ruling ruling, unchanged func() bool) string {
	if mutation.IsDefaultAccount(had) {
		return ""
	}
	switch chosen.Outcome {
	case "", AccountUnknown, AccountInsufficient, AccountCredentials:
	case AccountSufficient:
		if !unchanged() {
			return ""
		}
	default:
		return ""
	}
	around, _ := r.options.Surroundings.Namespace(namespace)
	if had != ruling.policy.AccountFor(around.Labels) {
		return ""
	}
	return had
}

// because gives edits a reason.
func because(edits []mutation.Edit, reason string) []mutation.Edit {
	for i := range edits {
		edits[i].Reason = reason
	}
	return edits
}
