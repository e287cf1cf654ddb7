package validation

import (
	"time"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// exempted is a subject of the annotations that exempt it, at a day on which one of them ends soon.
func exempted(subject Subject, annotations map[string]string) Subject {
	p := policy.Default()
	isRule := func(id string) bool { _, exists := ruleNamed(id); return exists }
	subject.Exemptions = p.ObjectExemptions(annotations, isRule, time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC))
	return subject
}

func exempting(rule, value string) map[string]string {
	return map[string]string{policy.AnnotationExemptPrefix + rule: value}
}
