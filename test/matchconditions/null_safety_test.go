package matchconditions

import (
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// poorObjects lack what a condition might look at.
func poorObjects() map[string]string {
	return map[string]string{
		"a ConfigMap without data":                 configMap(``),
		"a ConfigMap with data: {}":                configMap(`data: {}`),
		"a ConfigMap with data: null":              configMap(`data: null`),
		"a ConfigMap with binaryData only":         configMap(`binaryData: {config.yaml: aGVsbG8=, flink-conf.yaml: aGVsbG8=}`),
		"a ConfigMap without a name":               `{apiVersion: v1, kind: ConfigMap, metadata: {generateName: flink-config-}}`,
		"a ConfigMap without metadata":             `{apiVersion: v1, kind: ConfigMap}`,
		"a ConfigMap with nulls in its metadata":   `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: null, annotations: null, ownerReferences: null, deletionTimestamp: null}}`,
		"a ConfigMap with empty maps":              `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {}, annotations: {}, ownerReferences: []}}`,
		"a ConfigMap with an empty file":           configMap(`data: {config.yaml: ""}`),
		"an HA ConfigMap without anything else":    `{apiVersion: v1, kind: ConfigMap, metadata: {name: a-cluster-config-map}}`,
		"an HA ConfigMap with an owner":            `{apiVersion: v1, kind: ConfigMap, metadata: {name: a-cluster-config-map, labels: {type: flink-native-kubernetes}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: a, uid: u}]}}`,
		"HA state with nulls":                      `{apiVersion: v1, kind: ConfigMap, metadata: {name: a-cluster-config-map, labels: {type: flink-native-kubernetes}, annotations: null}, data: null}`,
		"HA state with a counter":                  `{apiVersion: v1, kind: ConfigMap, metadata: {name: a-cluster-config-map}, data: {counter: "1"}}`,
		"a Deployment without a spec":              `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}`,
		"a Deployment without a template":          `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {}}`,
		"a Deployment without a pod spec":          `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {}}}`,
		"a Deployment without containers":          `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {}}}}`,
		"a Deployment with containers: null":       `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: null}}}}`,
		"a Deployment with containers: []":         `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: []}}}}`,
		"a Deployment with a null for everything":  `{apiVersion: apps/v1, kind: Deployment, metadata: null, spec: null}`,
		"a container that is null":                 workload(`[null]`),
		"a container without command and args":     workload(`[{name: a}]`),
		"a container with nulls":                   workload(`[{name: a, command: null, args: null}]`),
		"a container with empty lists":             workload(`[{name: a, command: [], args: []}]`),
		"a container with null words":              workload(`[{name: a, command: [null], args: [null]}]`),
		"a container with empty words":             workload(`[{name: a, command: [""], args: ["", ""]}]`),
		"an entry point without a word":            workload(`[{name: a, command: [/docker-entrypoint.sh]}]`),
		"a StatefulSet without a spec":             `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}}`,
		"a Job without a spec":                     `{apiVersion: batch/v1, kind: Job, metadata: {name: a}}`,
		"a custom resource with nothing":           `{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment}`,
		"a custom resource with a name only":       `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: a}}`,
		"a custom resource with null metadata":     `{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, metadata: null, spec: null}`,
		"a custom resource with nulls in metadata": `{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: {name: a, labels: null, annotations: null, ownerReferences: null, deletionTimestamp: null}}`,
		"a custom resource with spec: null":        `{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: {name: a}, spec: null}`,
		"a custom resource whose spec is a text":   `{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, metadata: {name: a}, spec: "a"}`,
		"a custom resource full of nulls":          `{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: {name: a}, spec: {a: null, b: [null], c: {d: null}}}`,
		"a Namespace with annotations: null":       `{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: null, labels: null}}`,
		"a Namespace with an account":              `{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {flink-ha.dev/service-account: ""}}}`,
		"a Namespace without labels":               `{apiVersion: v1, kind: Namespace, metadata: {name: a}}`,
		"a Namespace with a label of ours":         `{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {flink-ha.dev/enforce: ""}}}`,
	}
}

func configMap(data string) string {
	return "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, " + data + "}"
}

func workload(containers string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: " + containers + "}}}}"
}

// TestConditionsHaveNoErrors asks every webhook about every object in every operation, also about its change from every other
// object of its kind, whatever its rules say, and once for each way in which an API server shows objects to conditions.
func TestConditionsHaveNoErrors(t *testing.T) {
	probe := newProbe(t, shipped(t))
	for name, text := range poorObjects() {
		typed := object(t, text)
		for _, shown := range []runtime.Object{typed, asUnstructured(t, typed)} {
			for _, request := range everyOperation(t, shown) {
				for hook, outcome := range probe.evaluate(t, request) {
					if outcome.err != nil {
						t.Errorf("%s, %s (%T), %s: %v", hook, name, shown, request.Operation, outcome.err)
					}
				}
			}
			for other, text := range poorObjects() {
				previous := object(t, text)
				if previous.GetObjectKind().GroupVersionKind() != typed.GetObjectKind().GroupVersionKind() {
					continue
				}
				for hook, outcome := range probe.evaluate(t, change(t, admissionv1.Update, shown, previous)) {
					if outcome.err != nil {
						t.Errorf("%s, %s (%T) that was %s: %v", hook, name, shown, other, outcome.err)
					}
				}
			}
		}
	}
}

// everyOperation makes requests about an object, also those that no rule asks for.
func everyOperation(t testing.TB, shown runtime.Object) []Request {
	t.Helper()
	return []Request{
		change(t, admissionv1.Create, shown, nil),
		change(t, admissionv1.Update, shown, shown),
		change(t, admissionv1.Delete, nil, shown),
		change(t, admissionv1.Connect, shown, nil),
	}
}
