package admission

import (
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// StripOwnerReferences removes the owner references of an HA ConfigMap that is created or changed. An object that is being
// deleted is left alone, so that finalizers and the garbage collector finish what they began.
func (r *Reviewer) StripOwnerReferences(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	if !isWrite(request) || !isConfigMap(request) {
		return decision, nil
	}
	var configMap corev1.ConfigMap
	if err := decode(request.Object.Raw, "object", &configMap); err != nil {
		return decision, err
	}
	name, ok := hastate.Recognize(&configMap)
	if !ok || configMap.DeletionTimestamp != nil {
		return decision, nil
	}
	decision.Recognized = true
	ruling := r.rule(request.Namespace, request.UserInfo)
	decision.Exempt = ruling.exempt
	if !ruling.policy.HAConfigMaps.StripOwnerReferences {
		return decision, nil
	}
	if kept, asked := ruling.policy.KeepsOwnerReferences(configMap.Annotations, ruling.now); asked && kept.Holds() {
		return decision, nil
	}
	edits, err := mutation.PlanOwnerReferences(request.Object.Raw)
	if err != nil {
		return decision, err
	}
	decision.Edits, decision.Planned = ruling.plan(edits)
	switch {
	case len(decision.Planned) > 0:
		decision.Notes = append(decision.Notes, fmt.Sprintf("the HA state of Flink cluster %q has owner references, which would be removed where the policy "+
			"is enforced: deleting an owner deletes the pointers to its jobs and checkpoints", name.Cluster))
	case len(decision.Edits) > 0:
		decision.Notes = append(decision.Notes, fmt.Sprintf("owner references of the HA state of Flink cluster %q were removed: deleting an owner would "+
			"delete the pointers to its jobs and checkpoints", name.Cluster))
	}
	return decision, nil
}

// ValidateDeletion warns whoever deletes an HA ConfigMap, or a custom resource whose state goes with it. It refuses nothing:
// Flink itself, its operator, the namespace controller and the garbage collector delete HA ConfigMaps in the ordinary course of
// things.
func (r *Reviewer) ValidateDeletion(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	switch {
	case request.Operation != admissionv1.Delete:
		return decision, nil
	case isResource(request):
		return r.validateResourceDeletion(request)
	case !isConfigMap(request):
		return decision, nil
	}
	var configMap corev1.ConfigMap
	if err := decode(request.OldObject.Raw, "oldObject", &configMap); err != nil {
		return decision, err
	}
	name, ok := hastate.Recognize(&configMap)
	if !ok {
		return decision, nil
	}
	decision.Name = configMap.Name // a deletecollection names no object
	decision.Recognized = true
	if r.options.Policy().HAConfigMaps.GuardDeletes == policy.GuardDeletesOff {
		return decision, nil
	}
	decision.Notes = []string{fmt.Sprintf("this ConfigMap is HA state of Flink cluster %q: without it the cluster's jobs are not recovered from their "+
		"last checkpoint", name.Cluster)}
	return decision, nil
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
