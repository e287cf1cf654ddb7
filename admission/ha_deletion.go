package admission

import (
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// validateStateDeletion judges the deletion of an HA ConfigMap by who deletes it. Flink itself, its operator and the namespace
// controller do so in the ordinary course of things, and are never held back. What is being deleted already is gone.
func (r *Reviewer) validateStateDeletion(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	var configMap corev1.ConfigMap
	if err := decode(request.OldObject.Raw, "oldObject", &configMap); err != nil {
		return decision, err
	}
	name, ok := hastate.Recognize(&configMap)
	if !ok {
		return decision, nil
	}
	ruling := r.rule(request.Namespace, request.UserInfo)
	decision.Recognized, decision.Exempt = true, ruling.exempt
	decision.Name = configMap.Name // a request for a collection names no object
	use, known := r.useOf(request.Namespace, name, configMap.Annotations, ruling)
	decision.HAState = haStateOf(request, &configMap, name)
	decision.HAState.Deleter = r.deleterOf(request, &configMap, name, ruling)
	decision.HAState.Live = use != (inventory.Use{})
	switch {
	case configMap.DeletionTimestamp != nil:
	case decision.HAState.Deleter == validation.DeleterGarbageCollector:
		r.judgeCollection(&decision, &configMap)
	case decision.HAState.Deleter == validation.DeleterOther:
		r.judgeStateDeletion(&decision, request, &configMap, use, known && len(configMap.Data) > 0, ruling)
		if !decision.HAState.Live && ruling.exempt == "" && ruling.policy.HAConfigMaps.GuardDeletes != policy.GuardDeletesOff {
			decision.note(noteStateDeleted(decision.HAState, &configMap, known))
		}
	}
	decision.HAState.Held = decision.Verdict() == VerdictDeny
	return decision, nil
}

// useOf is how the state of a cluster is in use: as the inventory has it, if that can be trusted, and by the lock on the ConfigMap itself.
// known is false where it may be in use although nothing shows it.
func (r *Reviewer) useOf(namespace string, name hastate.Name, annotations map[string]string, ruling ruling) (use inventory.Use, known bool) {
	around, known := r.options.Surroundings.Inventory()
	if known {
		use, _ = around.InUse(namespace, name.Cluster, ruling.now)
	}
	if lock, ok := hastate.LockOf(annotations); ok && lock.HeldAt(ruling.now) && lock.Until().After(use.LedUntil) {
		use.LedUntil = lock.Until()
	}
	return use, known
}

// judgeStateDeletion judges a deletion by somebody who has no part in the cluster. It may be refused only where the inventory, which knows
// Flink's own accounts, can be trusted, and the ConfigMap holds anything: Flink itself empties it before it deletes it, perhaps under an
// account that its workload has no more.
func (r *Reviewer) judgeStateDeletion(
	decision *Decision, request *admissionv1.AdmissionRequest, configMap *corev1.ConfigMap, use inventory.Use, refusable bool, ruling ruling,
) {
	exemptions := ruling.policy.ObjectExemptions(configMap.Annotations, r.isRule, ruling.now)
	subject := validation.Subject{
		Kind: validation.OfStateDeletion, Namespace: request.Namespace, Name: configMap.Name, ConfigMap: configMap, Exemptions: exemptions,
		Deleter: decision.HAState.Deleter, Use: use, InCollection: request.Name == "", Around: r.options.Surroundings,
	}
	for _, finding := range r.evaluator.Evaluate(subject) {
		action := ruling.actionOnDeletion(found{Finding: finding}, refusable)
		if action == policy.ActionNone {
			continue
		}
		if ruling.exempt != "" || isExempted(finding.Rule, exemptions) {
			action = policy.ActionExempt
		}
		decision.Findings = append(decision.Findings, Judged{Finding: finding, Action: action})
	}
	for _, exemption := range exemptions {
		if !exemption.Holds() {
			decision.note(fmt.Sprintf("annotation %s does not hold: %s", exemption.Annotation, exemption.Problem))
		}
	}
}

// actionOnDeletion is what a finding about a deletion does. The policy says it apart from the levels, which say no more than whether
// the rule counts and whether anything is enforced.
func (ruling ruling) actionOnDeletion(finding found, refusable bool) policy.Action {
	enforced := policy.Mode{Level: policy.LevelStrict, Version: ruling.modes.Enforce.Version}
	rule := policy.Rule{ID: finding.Rule, Level: finding.Level, Introduced: finding.Introduced}
	rule.Level = ruling.policy.Level(rule)
	switch ruling.policy.HAConfigMaps.GuardDeletes {
	case policy.GuardDeletesOff:
		return policy.ActionNone
	case policy.GuardDeletesDeny:
		if refusable && ruling.modes.Edits() && !ruling.restores && enforced.Counts(rule) {
			return policy.ActionDeny
		}
	case policy.GuardDeletesWarn:
	}
	return ruling.softened(finding)
}

// noteStateDeleted says what is gone with HA state that is not seen to be in use.
func noteStateDeleted(state *HAState, configMap *corev1.ConfigMap, known bool) string {
	use := "is not in use"
	if !known {
		use = "is not known to be in use or not"
	}
	gone := "it points to no job or checkpoint"
	if hastate.HasPointers(configMap.Data) {
		gone = "without it jobs of the cluster are not recovered from their last checkpoint"
	}
	return fmt.Sprintf("this ConfigMap is HA state of Flink cluster %s, which %s: %s", shownCluster(state), use, gone)
}
