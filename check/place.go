package check

import (
	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// findings are those of a decision with their places.
func (j *judge) findings(decision *admission.Decision, object *manifest.Object, c *candidate) []Finding {
	locator := manifest.Locator{Object: object, ConfigMap: func(name string) *manifest.Object { return j.configMap(c.Namespace, name) }}
	findings := make([]Finding, 0, len(decision.Findings))
	for _, judged := range decision.Findings {
		finding := Finding{Judged: judged, Place: locator.Of(judged.Position), Missing: judged.Found == nil && judged.Fault == ""}
		if finding.Place == (manifest.Place{}) {
			finding.Place = object.Place()
		}
		findings = append(findings, finding)
	}
	return findings
}

// configMap is the object of a ConfigMap that a workload reads, nil if it is not among those given.
func (j *judge) configMap(namespace, name string) *manifest.Object {
	c := j.around.configMaps[[2]string{namespace, name}]
	if c == nil {
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
