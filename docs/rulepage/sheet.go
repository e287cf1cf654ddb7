package rulepage

import (
	"fmt"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Sheet is what there is to say of a rule. The names of its fields are those of the JSON that users get.
type Sheet struct {
	ID    string       `json:"id"`
	Level policy.Level `json:"level"`
	// Introduced is the rule set that the rule came with.
	Introduced string `json:"introduced"`
	// FlinkVersions in which the mistake is one, such as "before 1.17", or "all".
	FlinkVersions string `json:"flinkVersions"`
	// AppliesTo are the kinds of objects that can have the mistake, Modes the HA modes in which it is one: none for all.
	AppliesTo []string     `json:"appliesTo"`
	Modes     []flink.Mode `json:"modes,omitempty"`
	Summary   string       `json:"summary"`
	Why       string       `json:"why"`
	Remedy    string       `json:"remedy"`
	Source    string       `json:"source"`
	Docs      string       `json:"docs"`
	Example   Example      `json:"example"`
	// Answer is what the guard says of the wrong example, nil if it was not asked.
	Answer *Answer `json:"answer,omitempty"`
}

// Example is a mistake in manifests, and the same mended. What follows the first document is there already.
type Example struct {
	Wrong string `json:"wrong"`
	Right string `json:"right"`
	// Request is create, update (of Before) or delete.
	Request string `json:"request"`
	Before  string `json:"before,omitempty"`
	// AllowedPrefixes are the policy's storage.allowedPrefixes in the example.
	AllowedPrefixes []string `json:"allowedPrefixes,omitempty"`
}

// Answer is what admission returns to whoever applies a manifest.
type Answer struct {
	Verdict admission.Verdict `json:"verdict"`
	// Message of a denial.
	Message  string   `json:"message,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// Manifest would mend it, where a finding comes with one: a denial's message ends with it, and warnings have no room for it.
	Manifest string `json:"manifest,omitempty"`
}

// Of describes a rule.
func Of(rule validation.Rule) Sheet {
	sheet := Sheet{
		ID: rule.ID, Level: rule.Level, Introduced: rule.Introduced, FlinkVersions: "all", Modes: rule.Modes,
		Summary: rule.Summary, Why: rule.Why, Remedy: rule.Remedy, Source: rule.Source, Docs: validation.DocsURL(rule.ID),
		Example: Example{
			Wrong: rule.Example.Wrong, Right: rule.Example.Right, Request: "create", Before: rule.Example.Before, AllowedPrefixes: rule.Example.Prefixes,
		},
	}
	switch {
	case rule.Example.Deletion:
		sheet.Example.Request = "delete"
	case rule.Example.Before != "":
		sheet.Example.Request = "update"
	}
	if rule.Versions != (flink.Version{}) {
		sheet.FlinkVersions = rule.Versions.String()
	}
	for _, kind := range rule.On {
		sheet.AppliesTo = append(sheet.AppliesTo, nameOf(kind))
	}
	return sheet
}

// Explain describes a rule with what the guard says of its wrong example.
func Explain(rule validation.Rule) (Sheet, error) {
	sheet := Of(rule)
	wrong, _, err := admission.Examine(rule)
	if err != nil {
		return sheet, fmt.Errorf("judging the example of %s: %w", rule.ID, err)
	}
	sheet.Answer = &Answer{Verdict: wrong.Verdict(), Warnings: wrong.Warnings()}
	if sheet.Answer.Verdict == admission.VerdictDeny {
		sheet.Answer.Message = wrong.Message()
	}
	for _, finding := range wrong.Findings {
		if finding.Rule == rule.ID {
			sheet.Answer.Manifest = finding.Manifest
		}
	}
	return sheet, nil
}

func nameOf(kind validation.Kind) string {
	switch kind {
	case validation.OfConfiguration:
		return "configuration in ConfigMaps"
	case validation.OfWorkload:
		return "Deployments, StatefulSets and Jobs"
	case validation.OfResource:
		return "custom resources of the Flink Kubernetes Operator"
	case validation.OfDeletion:
		return "custom resources that are deleted"
	case validation.OfNamespace:
		return "labels of namespaces"
	case validation.OfHAState:
		return "HA ConfigMaps, and what is taken for them"
	case validation.OfStateDeletion:
		return "HA ConfigMaps that are deleted"
	}
	return ""
}

func (s *Sheet) modesInWords() []string {
	words := make([]string, len(s.Modes))
	for i, mode := range s.Modes {
		words[i] = map[flink.Mode]string{
			flink.ModeNone: "off", flink.ModeKubernetes: "Kubernetes", flink.ModeZooKeeper: "ZooKeeper", flink.ModeCustom: "a factory class",
			flink.ModeInvalid: "a value that Flink does not take", flink.ModeUnknown: "not known from the object",
		}[mode]
	}
	return words
}

// exemption is the annotation that spares one object the rule until a day.
func (s *Sheet) exemption() string {
	return policy.AnnotationExemptPrefix + s.ID + `: "YYYY-MM-DD reason"`
}
