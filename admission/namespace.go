package admission

import (
	"fmt"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// validateNamespace judges the guard's labels on a namespace, and the annotation that is read like one. A value that means nothing is refused where it is new, in any
// mode, since nobody would see that the namespace is not guarded as meant; not from who is exempt, or brings back a backup. Where
// objects that are there already would be refused under the new labels, whoever sets them is told, as Pod Security Admission does.
func (r *Reviewer) validateNamespace(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	var current, previous corev1.Namespace
	if err := decode(request.Object.Raw, "object", &current); err != nil {
		return decision, err
	}
	if request.Operation == admissionv1.Update {
		if err := decode(request.OldObject.Raw, "oldObject", &previous); err != nil {
			return decision, err
		}
	}
	if current.DeletionTimestamp != nil {
		return decision, nil
	}
	decision.Recognized = true
	ruling := r.ruleUnder(policy.NamespaceMarks(current.Labels, current.Annotations), request.Name, request.UserInfo)
	decision.Exempt = ruling.exempt
	before := map[validation.Identity]bool{}
	for _, finding := range r.evaluator.Evaluate(labelled(&previous)) {
		before[finding.Identity()] = true
	}
	for _, finding := range r.evaluator.Evaluate(labelled(&current)) {
		action := policy.ActionWarn
		switch {
		case ruling.exempt != "":
			action = policy.ActionExempt
		case finding.Level == policy.LevelBaseline && !before[finding.Identity()] && !ruling.restores:
			action = policy.ActionDeny
		}
		decision.Findings = append(decision.Findings, Judged{Finding: finding, Action: action})
	}
	if was, _ := ruling.policy.ForNamespace(previous.Labels); was.Enforce != ruling.modes.Enforce && request.Operation == admissionv1.Update {
		decision.Notes = append(decision.Notes, r.preview(request.Name, ruling)...)
	}
	return decision, nil
}

func labelled(namespace *corev1.Namespace) validation.Subject {
	return validation.Subject{Kind: validation.OfNamespace, Name: namespace.Name, Labels: namespace.Labels, Annotations: namespace.Annotations}
}

// Bounds of a preview: how many objects of a namespace are looked at, how much configuration is read for that, and how many are
// named.
const (
	maxPreviewed      = 500
	maxPreviewedBytes = 32 << 20
	maxNamed          = 3
)

// preview says which objects of a namespace would be refused under new modes if they were applied anew: how many, and the first.
func (r *Reviewer) preview(namespace string, ruling ruling) []string {
	around, known := r.options.Surroundings.Inventory()
	if _, exempt := ruling.policy.ExemptNamespace(namespace, ruling.now); !known || exempt || ruling.modes.Enforce.Level == policy.LevelOff {
		return nil
	}
	var targets []*target
	configMaps, configMapsThere := around.ConfigMapsIn(namespace, maxPreviewed)
	for _, configMap := range configMaps {
		if t, ok := r.configuration(configMap, namespace, ruling); ok {
			targets = append(targets, t)
		}
	}
	members, membersThere := around.InNamespace(namespace, maxPreviewed)
	for _, member := range members {
		if t := r.targetOf(member, ruling); t != nil {
			targets = append(targets, t)
		}
	}
	var violating []string
	whole, read := configMapsThere == len(configMaps) && membersThere == len(members), 0
	for _, t := range targets {
		if read += t.bytes(around); read > maxPreviewedBytes {
			whole = false
			break
		}
		if r.wouldDeny(t, ruling) {
			violating = append(violating, t.title())
		}
	}
	if len(violating) == 0 {
		return nil
	}
	looked := "at least "
	if whole {
		looked = ""
	}
	note := fmt.Sprintf("under the new enforce level %q, %s%s in this namespace would be refused if applied anew: %s", ruling.modes.Enforce.Level,
		looked, flink.Count(len(violating), "object"), strings.Join(violating[:min(len(violating), maxNamed)], ", "))
	if more := len(violating) - maxNamed; more > 0 {
		note += fmt.Sprintf(" and %d more", more)
	}
	return []string{note}
}

// bytes is how much is read of the ConfigMaps that a target is, or names.
func (t *target) bytes(around *inventory.Inventory) int {
	sum := 0
	add := func(configMap *corev1.ConfigMap) {
		for _, text := range configMap.Data {
			sum += len(text)
		}
	}
	if t.configMap != nil {
		add(t.configMap)
		return sum * (1 + min(maxReaders, len(around.Mounting(t.common().Namespace, t.configMap.Name))))
	}
	for _, name := range t.member.ConfigMaps {
		if configMap, _, ok := around.ConfigMap(t.member.Namespace, name); ok {
			add(configMap)
		}
	}
	return sum
}

func (t *target) title() string {
	if t.configMap != nil {
		return "ConfigMap " + t.configMap.Name
	}
	return t.member.Kind + " " + t.member.Name
}

// wouldDeny tells whether a target would be refused if it came now, with what is around it settled.
func (r *Reviewer) wouldDeny(t *target, ruling ruling) bool {
	findings := r.examine(t, nil, ruling)
	for i := range findings {
		findings[i].since = ruling.now.Add(-settleTime)
	}
	for _, judged := range r.judge(findings, t.exemptions(), ruling, occasion{operation: admissionv1.Create, managed: t.managed}) {
		if judged.Action == policy.ActionDeny {
			return true
		}
	}
	return false
}
