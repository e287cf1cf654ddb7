package admission

import (
	"slices"
	"time"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// examine collects the findings of a target, each once, in the order of the rules: those that it has together with what is around
// it, of which it alone shows some; or those that it alone shows, where nothing is known of what is around it.
func (r *Reviewer) examine(t *target, previous *target, ruling ruling) []found {
	views, open := r.views(t, ruling)
	if len(views) == 0 {
		return r.examineAlone(t, previous, ruling)
	}
	var findings []found
	for i := range views {
		view := &views[i]
		if previous != nil && len(previous.alone) > 0 {
			view.Previous = &previous.alone[0]
		}
		open = open || !view.Configuration.Complete()
		for _, finding := range r.evaluator.Evaluate(view.Subject) {
			findings = once(findings, found{Finding: finding, since: later(view.since, finding.Since)})
		}
	}
	if len(findings) == 0 && !open {
		return nil
	}
	findings = compare(findings, r.examineAlone(t, previous, ruling), open && t.configMap != nil)
	if t.member != nil {
		r.markInConfigMaps(findings, t.member.Namespace, ruling)
	}
	return findings
}

// aboutConfigMap is what matters of a ConfigMap to a workload that reads it.
type aboutConfigMap struct {
	// shown is what it shows by itself, if it came a moment ago.
	shown      []found
	exemptions []policy.Exemption
}

// markInConfigMaps marks the findings in ConfigMaps that are exempt from them, and those in ConfigMaps that came a moment ago and
// show them by themselves: people apply a ConfigMap and the workloads that mount it together, and need not read each mistake in it
// several times.
func (r *Reviewer) markInConfigMaps(findings []found, namespace string, ruling ruling) {
	known := map[string]aboutConfigMap{}
	for i := range findings {
		name, _, ok := flink.CutConfigMap(findings[i].Position.Path)
		if !ok {
			continue
		}
		about, looked := known[name]
		if !looked {
			about = r.aboutConfigMap(namespace, name, ruling)
			known[name] = about
		}
		findings[i].said = shows(about.shown, findings[i])
		findings[i].exempt = isExempted(findings[i].Rule, about.exemptions)
	}
}

func (r *Reviewer) aboutConfigMap(namespace, name string, ruling ruling) aboutConfigMap {
	configMap, changed, ok := r.options.Surroundings.ConfigMap(namespace, name)
	if !ok {
		return aboutConfigMap{}
	}
	about := aboutConfigMap{exemptions: ruling.policy.ObjectExemptions(configMap.Annotations, r.isRule, ruling.now)}
	if ruling.now.Sub(changed) >= settleTime {
		return about
	}
	if t, ok := r.configuration(configMap, namespace, ruling); ok {
		about.shown = r.examineAlone(t, nil, ruling)
	}
	return about
}

// compare marks as joint what the object alone does not show, unless what else it rests on was given along with it. What it alone does show, and the whole does not, may be refuted by
// what is not known of the whole, or not; where all of the whole is known, it is refuted.
func compare(findings, alone []found, open bool) []found {
	whole := len(findings)
	for i := range findings {
		findings[i].joint = !findings[i].Settled &&
			!slices.ContainsFunc(alone, func(other found) bool { return !other.joint && other.Identity() == findings[i].Identity() })
	}
	for _, finding := range alone {
		if open && !shows(findings[:whole], finding) {
			finding.joint = true
			findings = append(findings, finding)
		}
	}
	return findings
}

// once appends a finding unless it is there already, at the same place.
func once(findings []found, finding found) []found {
	if slices.ContainsFunc(findings, func(other found) bool {
		return other.Identity() == finding.Identity() && other.Position == finding.Position
	}) {
		return findings
	}
	return append(findings, finding)
}

// shows tells whether a finding is among others, wherever it stands.
func shows(findings []found, finding found) bool {
	return slices.ContainsFunc(findings, func(other found) bool { return other.Identity() == finding.Identity() })
}

func later(one, other time.Time) time.Time {
	if one.After(other) {
		return one
	}
	return other
}

// examineAlone collects what the object shows by itself, and what rules say of it with the help of other objects although none of
// those is read together with it. Where it has two files, of which Flink reads one, what is wrong with one is in doubt unless the
// other is wrong too.
func (r *Reviewer) examineAlone(t *target, previous *target, ruling ruling) []found {
	var findings []found
	doubted := len(t.others) > 0
	for i, subject := range t.alone {
		if previous != nil && len(previous.alone) > 0 {
			subject.Previous = &previous.alone[min(i, len(previous.alone)-1)]
		}
		refused := false
		for _, f := range r.evaluateAlone(subject) {
			refused = refused || !f.joint && ruling.action(f) == policy.ActionDeny
			findings = once(findings, f)
		}
		doubted = doubted || !refused
	}
	for i := range findings {
		findings[i].doubted = doubted
	}
	return findings
}

// evaluateAlone asks the rules twice where they find something, the second time with nothing known of other objects.
func (r *Reviewer) evaluateAlone(subject validation.Subject) []found {
	if _, known := r.options.Surroundings.Inventory(); known {
		subject.Around = r.options.Surroundings
	}
	all := r.evaluator.Evaluate(subject)
	if len(all) == 0 {
		return nil
	}
	certain := all
	if subject.Around != nil {
		subject.Around = nil
		certain = r.evaluator.Evaluate(subject)
	}
	findings := make([]found, 0, len(all))
	for _, finding := range all {
		joint := !finding.Settled && !slices.ContainsFunc(certain, func(other validation.Finding) bool { return other.Identity() == finding.Identity() })
		findings = append(findings, found{Finding: finding, joint: joint, since: finding.Since})
	}
	return findings
}

// occasion is what else decides whether a finding is held against an object.
type occasion struct {
	operation admissionv1.Operation
	// managed is true for what something else makes.
	managed bool
	// before are the findings that were there already. It is asked only if something would be refused.
	before func() map[validation.Identity]bool
}

// judge decides what each finding does.
func (r *Reviewer) judge(findings []found, exemptions []policy.Exemption, ruling ruling, on occasion) []Judged {
	judged := make([]Judged, 0, len(findings))
	var before map[validation.Identity]bool
	for _, finding := range findings {
		action := ruling.action(finding)
		switch {
		case action == policy.ActionNone:
			continue
		case ruling.exempt != "" || finding.exempt || isExempted(finding.Rule, exemptions):
			action = policy.ActionExempt
		case finding.said, action == policy.ActionDeny && !ruling.holds(finding, on):
			action = ruling.softened(finding)
		case action == policy.ActionDeny && on.before != nil:
			if before == nil {
				before = on.before()
			}
			if before[finding.Identity()] || before[anyOf(finding.Rule)] {
				action = ruling.softened(finding)
			}
		}
		if action != policy.ActionNone {
			judged = append(judged, Judged{Finding: finding.Finding, Action: action})
		}
	}
	if len(judged) == 0 {
		return nil
	}
	return judged
}

// holds tells whether a finding may be held against an object at all: not if it is mere advice, not against what something else
// makes or a backup brings back, not where Flink may read another file, and where it rests on other objects only against what is
// new, and only once those have been there unchanged for a while.
func (ruling ruling) holds(finding found, on occasion) bool {
	switch {
	case on.managed || ruling.restores || finding.doubted || finding.Advice:
		return false
	case finding.joint:
		return on.operation == admissionv1.Create && ruling.now.Sub(finding.since) >= settleTime
	}
	return true
}

func isExempted(rule string, exemptions []policy.Exemption) bool {
	return slices.ContainsFunc(exemptions, func(e policy.Exemption) bool { return e.Rule == rule && e.Holds() })
}

// had are the findings that a target has when it is read as the current one is: as a configuration of the same role and
// version, even if it did not show that it was one. It is read once as it is, and once with nothing held to be unknown or
// unreadable: what is wrong now and cannot be said to have been right before is not new.
func (r *Reviewer) had(previous, current *target, ruling ruling) map[validation.Identity]bool {
	known := map[validation.Identity]bool{}
	// What another object was exempt from is no excuse: somebody let it in for a time, and nothing else.
	another := previous.name() != current.name()
	note := func(findings []validation.Finding) {
		counts := map[string]int{}
		for _, finding := range findings {
			if another && isExempted(finding.Rule, previous.exemptions()) {
				continue
			}
			known[finding.Identity()] = true
			if counts[finding.Rule]++; counts[finding.Rule] >= validation.MaxPerRule {
				known[anyOf(finding.Rule)] = true // there may have been more than it says
			}
		}
	}
	for _, now := range current.alone {
		for _, before := range slices.Concat(previous.alone, previous.others) {
			before.Role, before.Version = now.Role, now.Version
			note(r.evaluator.Evaluate(before))
			before.Configuration.Gaps, before.Configuration.Err = nil, nil
			before.Configuration.Settings = certain(before.Configuration.Settings)
			note(r.evaluator.Evaluate(before))
		}
	}
	views, _ := r.views(previous, ruling)
	if another && previous.configMap != nil && current.meta.Name != "" {
		// Those that mount it may have gone over to the new name already.
		under, _ := r.views(previous.renamed(current.meta.Name), ruling)
		views = append(views, under...)
	}
	for _, view := range views {
		note(r.evaluator.Evaluate(view.Subject))
	}
	return known
}

// certain leaves out the settings whose values are not known.
func certain(settings []flink.Setting) []flink.Setting {
	return slices.DeleteFunc(slices.Clone(settings), func(s flink.Setting) bool { return s.Unknown != "" })
}
