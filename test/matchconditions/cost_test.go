package matchconditions

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// mebibyte is as much as a ConfigMap may hold, and about as much as fits into a request.
const mebibyte = 1 << 20

// richObjects have as much of what a condition looks at as the API server takes, made to cost most.
func richObjects() map[string]runtime.Object {
	const (
		words   = ` "jobmanage" 'high-availabilit' `
		near    = "flink-jobmanager, for high-availability, " // the words, and no options
		scripts = "jobmanage.sh entrypoint.sh "
	)
	state := configMapOf(map[string]string{})
	state.Name = "a-cluster-config-map"
	crowded, packed := state.DeepCopy(), state.DeepCopy()
	crowded.Data, packed.Data = numbered(256), numbered(100_000)
	// Mutating webhooks are asked before anybody has looked at the name.
	longName, labels := configMapOf(nil), configMapOf(nil)
	longName.Name = strings.Repeat("a", 3*mebibyte) + "-cluster-config-map"
	labels.Labels, labels.Annotations = numbered(10_000), numbered(10_000)
	return map[string]runtime.Object{
		"config.yaml of 1 MiB":                           configMapOf(map[string]string{"config.yaml": strings.Repeat("x", mebibyte)}),
		"config.yaml of 1 MiB, two bytes each":           configMapOf(map[string]string{"config.yaml": strings.Repeat("ü", mebibyte/2)}),
		"config.yaml of 1 MiB of almost words":           configMapOf(map[string]string{"config.yaml": repeat(words, mebibyte)}),
		"config.yaml of 1 MiB of almost options":         configMapOf(map[string]string{"config.yaml": repeat(near, mebibyte)}),
		"config.yaml of 8 KiB of almost options":         configMapOf(map[string]string{"config.yaml": repeat(near, 8192)}),
		"flink-conf.yaml of 1 MiB":                       configMapOf(map[string]string{"flink-conf.yaml": strings.Repeat("x", mebibyte)}),
		"binaryData of 1 MiB":                            &corev1.ConfigMap{TypeMeta: configMapOf(nil).TypeMeta, BinaryData: map[string][]byte{"config.yaml": make([]byte, mebibyte)}},
		"a ConfigMap with 100,000 keys":                  configMapOf(numbered(100_000)),
		"a name of 3 MiB":                                longName,
		"a ConfigMap with 10,000 labels and annotations": labels,
		"HA state with 256 keys":                         crowded,
		"HA state with 100,000 keys":                     packed,
		"10,000 containers":                              deploymentOf(10_000, 10_000*10, "x"),
		"64 containers of 16 KiB":                        deploymentOf(64, mebibyte, "x"),
		"64 containers of 1 KiB of almost scripts":       deploymentOf(64, 64<<10, scripts),
		"64 containers of 16 KiB of almost scripts":      deploymentOf(64, mebibyte, scripts),
		"63 of 1 KiB and one with the rest of 1 MiB":     withRest(deploymentOf(63, 63<<10, scripts), mebibyte-63<<10, scripts),
		"64 containers of 8 KiB of almost classes":       deploymentOf(64, 511<<10, "ClusterEn rRunne .s "),
		"one word of 1 MiB":                              deploymentOf(1, mebibyte, "x"),
		"a script of 1 MiB":                              deploymentOf(1, mebibyte, scripts),
		"100,000 words":                                  withWords(100_000, ".sh"),
		"a namespace with 256 labels":                    namespaceOf(numbered(256)),
		"a namespace with 10,000 labels":                 namespaceOf(numbered(10_000)),
		"a namespace with 10,000 annotations":            annotatedNamespace(numbered(10_000)),
		"a custom resource with 100,000 settings":        customResourceOf(map[string]any{"flinkConfiguration": settings(100_000)}),
		"a custom resource with 100,000 fields":          customResourceOf(settings(100_000)),
		"a custom resource with a text of 1 MiB":         customResourceOf(map[string]any{"logConfiguration": strings.Repeat("x", mebibyte)}),
		"a custom resource 10,000 levels deep":           customResourceOf(nested(10_000)),
		"a custom resource with a list of 100,000":       customResourceOf(map[string]any{"podTemplate": slices.Repeat([]any{"x"}, 100_000)}),
	}
}

// customResourceOf is a FlinkDeployment with a specification.
func customResourceOf(spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment", "metadata": map[string]any{"name": "a"}, "spec": spec,
	}}
}

func settings(count int) map[string]any {
	fields := make(map[string]any, count)
	for key, value := range numbered(count) {
		fields[key] = value
	}
	return fields
}

// nested is as deep as that.
func nested(levels int) map[string]any {
	innermost := map[string]any{}
	for range levels {
		innermost = map[string]any{"a": innermost}
	}
	return innermost
}

func configMapOf(data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: data}
}

func annotatedNamespace(annotations map[string]string) *corev1.Namespace {
	namespace := namespaceOf(nil)
	namespace.Annotations = annotations
	return namespace
}

func namespaceOf(labels map[string]string) *corev1.Namespace {
	return &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "a", Labels: labels}}
}

// deploymentOf has containers whose arguments are about so many bytes together.
func deploymentOf(containers, size int, text string) *appsv1.Deployment {
	deployment := &appsv1.Deployment{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: metav1.ObjectMeta{Name: "a"}}
	for range containers {
		deployment.Spec.Template.Spec.Containers = append(deployment.Spec.Template.Spec.Containers,
			corev1.Container{Name: "a", Command: []string{"/docker-entrypoint.sh"}, Args: []string{repeat(text, size/containers-len("/docker-entrypoint.sh\n"))}})
	}
	return deployment
}

// withRest adds a container.
func withRest(deployment *appsv1.Deployment, size int, text string) *appsv1.Deployment {
	deployment.Spec.Template.Spec.Containers = append(deployment.Spec.Template.Spec.Containers, deploymentOf(1, size, text).Spec.Template.Spec.Containers...)
	return deployment
}

func withWords(count int, word string) *appsv1.Deployment {
	deployment := deploymentOf(1, 100, word)
	deployment.Spec.Template.Spec.Containers[0].Args = slices.Repeat([]string{word}, count)
	return deployment
}

// repeat makes a text of at most so many bytes.
func repeat(text string, size int) string { return strings.Repeat(text, max(0, size/len(text))) }

func numbered(count int) map[string]string {
	entries := make(map[string]string, count)
	for i := range count {
		entries["k"+strconv.Itoa(i)] = ""
	}
	return entries
}

// TestConditionsStayWithinTheirBudget holds the cost of the worst objects against what the API server allows: a limit for
// each expression and one for all conditions of a webhook. To exceed either is an error, and under Fail a refusal.
func TestConditionsStayWithinTheirBudget(t *testing.T) {
	probe := newProbe(t, shipped(t))
	highest := map[string]outcome{}
	reason := map[string]string{}
	for name, typed := range richObjects() {
		for _, shown := range []runtime.Object{typed, asUnstructured(t, typed)} {
			requests := everyOperation(t, shown)[1:3]
			for _, request := range append(requests, change(t, admissionv1.Update, shown, shown.DeepCopyObject())) {
				for hook, outcome := range probe.evaluate(t, request) {
					if outcome.err != nil {
						t.Errorf("%s, %s (%T), %s: %v", hook, name, shown, request.Operation, outcome.err)
					}
					if outcome.cost > highest[hook].cost {
						highest[hook], reason[hook] = outcome, name
					}
				}
			}
		}
	}
	for _, hook := range slices.Sorted(maps.Keys(highest)) {
		t.Logf("%s costs at most %d of %d: %s", hook, highest[hook].cost, celconfig.RuntimeCELCostBudgetMatchConditions, reason[hook])
		if highest[hook].cost > celconfig.PerCallLimit {
			t.Errorf("%s costs %d for %s: its conditions together should cost no more than one may", hook, highest[hook].cost, reason[hook])
		}
	}
}
