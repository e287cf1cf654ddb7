package validation

import (
	"slices"
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func exemptionInvalid() Rule {
	return Rule{
		ID:         "exemption-invalid",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Effect:     "it exempts the object from nothing",
		Summary:    "An annotation that is to exempt an object from a rule does not hold.",
		Why: "An exemption names a rule, the last day on which it holds and a reason. One that has ended, that names no such rule or lacks " +
			"one of the three, or that the policy does not allow, changes nothing: the object is judged as if it were not there.",
		Remedy: "Remove the annotation, or write the last day and the reason: exempt.flink-ha.dev/<rule>: \"YYYY-MM-DD <reason>\".",
		Source: "flink-ha-webhook rules (the names of the rules); exemptions.objects of the policy file",
		Example: Example{
			Wrong: exemptionExample("2026-06-30 the bucket for checkpoints comes in June", ""),
			Right: exemptionExample("2027-01-15 the bucket for checkpoints comes in January", ""),
		},
		Check: checkExemptionInvalid,
	}
}

// exemptionExample is a configuration without a checkpoint directory, and an exemption from the rule about it.
func exemptionExample(exemption, checkpoints string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata:
  name: flink-config
  namespace: shop
  annotations:
    exempt.flink-ha.dev/checkpoint-dir-missing: ` + exemption + `
data:
  config.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    high-availability.cluster-id: orders
    kubernetes.cluster-id: orders
    kubernetes.namespace: shop
    blob.server.port: 6124` + checkpoints + `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: flink-jobmanager, namespace: shop}
spec:
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:2.0.0
          args: [jobmanager, $(POD_IP)]
          env:
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-2.0.0.jar}
          volumeMounts:
            - {name: flink-config-volume, mountPath: /opt/flink/conf}
      volumes:
        - {name: flink-config-volume, configMap: {name: flink-config}}
`
}

func checkExemptionInvalid(subject *Subject) []Violation {
	var violations []Violation
	for i := range subject.Exemptions {
		exemption := &subject.Exemptions[i]
		if exemption.Holds() {
			continue
		}
		violation := exemptionViolation(exemption)
		violation.Detail = exemption.Problem
		violation.Remedy = "remove it"
		switch near, exists := ruleNamed(exemption.Rule); {
		case !exists && near != "":
			violation.Remedy = "rename it to " + policy.AnnotationExemptPrefix + near
			if exemption.Reason != "" && !strings.HasSuffix(exemption.Value, "…") {
				violation.Fix = append(violation.Fix, Change{Path: annotationPath(policy.AnnotationExemptPrefix + near), Value: exemption.Value})
			} else {
				violation.Fix = nil
			}
		case exists && (exemption.LastDay.IsZero() || exemption.Reason == ""):
			violation.Remedy = exemption.Annotation + `: "YYYY-MM-DD <reason>"`
			violation.Target.Key, violation.Fix = false, nil
		case !exemption.HasEnded():
			violation.Fix = nil // the policy may allow it, or its day come
		}
		violations = append(violations, violation)
	}
	return violations
}

// exemptionViolation is what violations about an exemption have in common: most are mended by removing it.
func exemptionViolation(exemption *policy.Exemption) Violation {
	return Violation{
		Option:   exemption.Annotation,
		Setting:  exemption.Annotation,
		Position: flink.Position{Path: "metadata.annotations"},
		Target:   Target{Position: flink.Position{Path: annotationPath(exemption.Annotation)}, Key: true},
		Fix:      []Change{{Path: annotationPath(exemption.Annotation)}},
		Found:    &exemption.Value,
	}
}

func annotationPath(annotation string) string { return `metadata.annotations["` + annotation + `"]` }

// ruleNamed tells whether a rule exists and, if it does not, which one has almost that name.
func ruleNamed(id string) (near string, exists bool) {
	for _, rule := range Rules() {
		switch {
		case rule.ID == id:
			return "", true
		case near == "" && resemblesAny(id, []string{rule.ID}):
			near = rule.ID
		}
	}
	return near, false
}

// lastDay is a last day in words.
func lastDay(exemption *policy.Exemption) string { return exemption.LastDay.Format(time.DateOnly) }

// judges tells whether a rule can find something in a subject whenever it is looked at, and not only when it changes or goes.
func (r *Rule) judges(kind Kind) bool {
	return slices.Contains(r.On, kind) && r.Example.Before == "" && !r.Example.Deletion
}
