package admission

import (
	admissionv1 "k8s.io/api/admission/v1"
)

// ValidateDeletion judges the deletion of HA ConfigMaps, of custom resources whose HA state goes with them, and of namespaces.
func (r *Reviewer) ValidateDeletion(request *admissionv1.AdmissionRequest) (Decision, error) {
	switch {
	case request.Operation != admissionv1.Delete:
	case isConfigMap(request):
		return r.validateStateDeletion(request)
	case isResource(request):
		return r.validateResourceDeletion(request)
	case isNamespace(request):
		return r.validateNamespaceDeletion(request)
	}
	return decisionOn(request), nil
}

// validateResourceDeletion judges the deletion of a custom resource. What is found is a warning: whoever deletes a cluster may
// well mean it.
func (r *Reviewer) validateResourceDeletion(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	ruling := r.rule(request.Namespace, request.UserInfo)
	current, err := r.recognize(request, request.OldObject.Raw, "oldObject", ruling)
	if err != nil || current == nil {
		return decision, err
	}
	decision.Recognized, decision.Exempt, decision.Name = true, ruling.exempt, current.name()
	if ruling.exempt == exemptSystem {
		return decision, nil
	}
	decision.Findings = r.judge(r.examine(current, nil, ruling), current.exemptions(), ruling, occasion{operation: request.Operation, managed: true})
	return decision, nil
}
