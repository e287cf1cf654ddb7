package check

import (
	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// findings are those of a decision with their places.
func (j *judge) findings(decision *admission.Decision, object *manifest.Object, c *candidate) []Finding {
	p := placer{
		locator: manifest.Locator{Object: object, ConfigMap: func(name string) *manifest.Object { return j.configMap(c.Namespace, name) }},
		fields:  map[string]*manifest.Field{},
	}
	findings := make([]Finding, 0, len(decision.Findings))
	for _, judged := range decision.Findings {
		finding := Finding{Judged: judged}
		spot, missing := p.place(&judged.Finding)
		if spot.IsZero() {
			finding.Place = object.Place()
		} else {
			finding.Place, finding.Missing = spot.Place(), missing
			finding.Line, finding.Caret = ShownLine(spot.Text())
		}
		findings = append(findings, finding)
	}
	return findings
}

// configMap is the object of a ConfigMap that a workload reads, nil if it is not among those given.
func (j *judge) configMap(namespace, name string) *manifest.Object {
	c := j.around.configMap(namespace, name)
	if c == nil || c.document == nil {
		return nil
	}
	again := j.others[c.document]
	if again == nil {
		if j.others == nil {
			j.others = map[*manifest.Document]*manifest.Document{}
		}
		again = c.document.Again()
		j.others[c.document] = again
	}
	return again.Objects()[c.ordinal]
}

// placer finds the places of what was found in one object. It keeps the fields that it looked into: many findings are about one text.
type placer struct {
	locator manifest.Locator
	fields  map[string]*manifest.Field
}

// field is where a path leads, nil where that is in a ConfigMap that is not at hand.
func (p *placer) field(path string) *manifest.Field {
	field, known := p.fields[path]
	if !known {
		field, _ = p.locator.Field(path)
		p.fields[path] = field
	}
	return field
}

// place is what has to be changed to mend a finding: the value that is wrong, or the key. For what is missing it is where that belongs,
// and missing is true: the remedy can be written there, in front of what stands there and as deep as that, or behind the end of a
// line. It is the zero spot where the object itself is all that is known.
func (p *placer) place(finding *validation.Finding) (spot manifest.Spot, missing bool) {
	target := finding.Target
	if target.Path == "" || p.field(target.Path) == nil { // which may be in a ConfigMap that is not at hand
		target = validation.Target{Position: finding.Position}
	}
	field := p.field(target.Path)
	switch {
	case field == nil:
		return p.placeOfDefault(finding)
	case !field.Whole:
		return placeOfField(field), true
	case target.Line > 0:
		return placeInText(field, finding, target), false
	case finding.Target.Path == "" && finding.Found == nil && finding.Fault == "":
		return placeOfOption(field, target.Path, finding.Setting), true
	}
	return placeOfValue(field, finding, target.Key), false
}

// placeOfDefault is for what is in a ConfigMap that is not at hand. If those are the operator's defaults, the custom resource is where
// something else is set; of another ConfigMap nothing is known but who reads it.
func (p *placer) placeOfDefault(finding *validation.Finding) (spot manifest.Spot, missing bool) {
	const configuration = "spec.flinkConfiguration"
	if p.locator.Object.Kind != string(workload.KindDeployment) || finding.Setting == "" {
		return manifest.Spot{}, false
	}
	field := p.field(configuration)
	switch {
	case field == nil:
		return manifest.Spot{}, false
	case !field.Whole:
		return placeOfField(field), true
	}
	return placeOfOption(field, configuration, finding.Setting), true
}
