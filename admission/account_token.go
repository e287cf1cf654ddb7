package admission

import (
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// ruleToken finds the processes that get no token of their account.
const ruleToken = "service-account-token-not-mounted"

// planToken has Kubernetes mount the token of the account where the policy allows that, and the rule finds that it is not mounted in
// the object with its new account. An object that is exempt from the rule is left as it is.
func (r *Reviewer) planToken(request *admissionv1.AdmissionRequest, ruling ruling, decision *Decision) error {
	if !ruling.policy.ServiceAccounts.MountToken {
		return nil
	}
	object, err := Apply(slices.Concat(decision.Edits, decision.Planned), request.Object.Raw)
	if err != nil {
		return err
	}
	t, err := r.recognize(request, object, "object", ruling)
	if err != nil || t == nil || isExempted(ruleToken, t.exemptions()) || !slices.ContainsFunc(r.examine(t, nil, ruling), func(f found) bool { return f.Rule == ruleToken }) {
		return err
	}
	edits, changes, err := r.tokenEdits(request, t, object)
	switch {
	case err != nil || len(edits) == 0:
		return err
	case !changes:
		decision.Notes = append(decision.Notes, noteToken(request, edits))
		return nil
	}
	made, planned := ruling.plan(edits)
	decision.Edits, decision.Planned = append(decision.Edits, made...), append(decision.Planned, planned...)
	return nil
}

// tokenEdits are the edits of the object, and whether the request starts its processes anew anyway.
func (r *Reviewer) tokenEdits(request *admissionv1.AdmissionRequest, t *target, object []byte) (edits []mutation.Edit, starts bool, err error) {
	if resource := t.member.Resource; resource != nil {
		previous, err := previousOf[map[string]any](request)
		if err != nil {
			return nil, false, err
		}
		spec := specOf(t.member.Content, resource.Path)
		return mutation.PlanResourceTokenMount(spec, "/"+strings.ReplaceAll(resource.Path, ".", "/")), upgradesAnyway(previous, t.member.Content), nil
	}
	var running workloadObject
	if err := decode(object, "object", &running); err != nil {
		return nil, false, err
	}
	previous, err := previousOf[workloadObject](request)
	if err != nil {
		return nil, false, err
	}
	return mutation.PlanTokenMount(&running.Spec.Template.Spec, podSpecPointer), !wouldRestart(request, previous, &running.Spec.Template, ""), nil
}
