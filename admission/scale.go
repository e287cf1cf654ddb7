package admission

import (
	admissionv1 "k8s.io/api/admission/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// validateScale judges a workload by what is known of it, with the replicas that it is about to have. It only warns, and only
// about what the new number brings: a scale shows neither image nor template.
func (r *Reviewer) validateScale(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	var scale autoscalingv1.Scale
	if err := decode(request.Object.Raw, "object", &scale); err != nil {
		return decision, err
	}
	around, known := r.options.Surroundings.Inventory()
	if !known {
		return decision, nil
	}
	current, ok := around.Member(inventory.Key{Kind: workloadKind(request), Namespace: request.Namespace, Name: request.Name})
	if !ok || current.Role == "" {
		return decision, nil
	}
	decision.Recognized = true
	ruling := r.rule(request.Namespace, request.UserInfo)
	decision.Exempt = ruling.exempt
	scaled := *current
	scaled.Replicas = scale.Spec.Replicas
	before := map[validation.Identity]bool{}
	for _, finding := range r.examine(r.targetOf(current, ruling), nil, ruling) {
		before[finding.Identity()] = true
	}
	after := r.targetOf(&scaled, ruling)
	var fresh []found
	for _, finding := range r.examine(after, nil, ruling) {
		if !before[finding.Identity()] {
			fresh = append(fresh, finding)
		}
	}
	decision.Findings = r.judge(fresh, after.exemptions(), ruling, occasion{operation: request.Operation, managed: true})
	return decision, nil
}
