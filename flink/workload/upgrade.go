package workload

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime"
)

// Upgrades tells whether the operator replaces the processes of a cluster for what changed between two states of its custom
// resource, so that one more change costs nothing.
//
// The operator compares the specification field by field (ReflectiveDiffBuilder): most fields are an upgrade, and those that carry
// the annotation SpecDiff with IGNORE or SCALE are not (FlinkDeploymentSpec, AbstractFlinkSpec, JobSpec, TaskManagerSpec); of a
// FlinkBlueGreenDeployment it compares the specification in the template (FlinkBlueGreenDeploymentSpecDiff). Three things are left
// out here on purpose. A new restartNonce or savepointRedeployNonce does replace the processes, but who sets one asks for the same
// cluster again and not for another one. A parallelism and a number of TaskManagers are scaled in place in standalone mode, and
// autoscalers write them, also where the operator upgrades for them. A field that is not known here may mean anything.
//
// What could be read as no change is none: an empty list or map is as good as an absent one.
func Upgrades(before, after map[string]any) bool {
	old, spec := clusterSpec(before), clusterSpec(after)
	if old == nil || spec == nil {
		return false
	}
	for _, field := range []string{"image", "imagePullPolicy", "serviceAccount", "flinkVersion", "mode", "ingress", "logConfiguration"} {
		if !same(old[field], spec[field]) {
			return true
		}
	}
	return !sameAs[corev1.PodTemplateSpec](old["podTemplate"], spec["podTemplate"]) || !sameJob(old["job"], spec["job"]) ||
		!sameManager(old["jobManager"], spec["jobManager"], true) || !sameManager(old["taskManager"], spec["taskManager"], false) ||
		!sameConfiguration(old["flinkConfiguration"], spec["flinkConfiguration"])
}

// clusterSpec is the part of a custom resource that describes a cluster, nil if there is none.
func clusterSpec(object map[string]any) map[string]any {
	spec, _ := object["spec"].(map[string]any)
	kind, _ := object["kind"].(string)
	switch ResourceKind(kind) {
	case KindDeployment:
		return spec
	case KindBlueGreenDeployment:
		template, _ := spec["template"].(map[string]any)
		inner, _ := template["spec"].(map[string]any)
		return inner
	case KindSessionJob:
	}
	return nil
}

// sameJob compares JobSpec without its nonces, its parallelism and what matters only for the next start.
func sameJob(before, after any) bool {
	old, existed := before.(map[string]any)
	job, exists := after.(map[string]any)
	state := func(job map[string]any) any {
		if job["state"] == nil {
			return string(JobRunning)
		}
		return job["state"]
	}
	return existed == exists && same(old["jarURI"], job["jarURI"]) && same(old["entryClass"], job["entryClass"]) &&
		same(old["args"], job["args"]) && same(state(old), state(job))
}

// sameManager compares JobManagerSpec, of which the replicas count, or TaskManagerSpec, of which they do not.
func sameManager(before, after any, withReplicas bool) bool {
	old, _ := before.(map[string]any)
	manager, _ := after.(map[string]any)
	replicas := func(manager map[string]any) any {
		if manager["replicas"] == nil {
			return int64(1)
		}
		return manager["replicas"]
	}
	return same(old["resource"], manager["resource"]) &&
		sameAs[corev1.ResourceRequirements](old["resources"], manager["resources"]) &&
		sameAs[corev1.PodTemplateSpec](old["podTemplate"], manager["podTemplate"]) &&
		(!withReplicas || same(replicas(old), replicas(manager)))
}

// ignoredOptions begin the options for whose sake nothing is upgraded (SpecDiff.Config of AbstractFlinkSpec). The last is scaled in
// native mode only; an autoscaler writes it in either.
func ignoredOptions() []string {
	return []string{"job.autoscaler", "parallelism.default", "kubernetes.operator", "pipeline.jobvertex-parallelism-overrides"}
}

func sameConfiguration(before, after any) bool {
	old, _ := before.(map[string]any)
	options, _ := after.(map[string]any)
	olds, news := lastSettings(flatten(old, "")), lastSettings(flatten(options, ""))
	for key, setting := range olds {
		if other, ok := news[key]; !isIgnored(key) && (!ok || other.Value != setting.Value || other.Unknown != setting.Unknown) {
			return false
		}
	}
	for key := range news {
		if _, ok := olds[key]; !ok && !isIgnored(key) {
			return false
		}
	}
	return true
}

func isIgnored(key string) bool {
	for _, prefix := range ignoredOptions() {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// sameAs compares two parts of an object as what they are, so that 1 CPU equals 1000m. What is not of the type is compared as it is
// written.
func sameAs[T any](before, after any) bool {
	old, readable := read[T](before)
	value, alsoReadable := read[T](after)
	if readable && alsoReadable {
		return equality.Semantic.DeepEqual(old, value)
	}
	return same(before, after)
}

func read[T any](node any) (value T, ok bool) {
	fields, ok := node.(map[string]any)
	if !ok {
		return value, isNothing(node)
	}
	err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &value)
	return value, err == nil
}

// same compares two parts of an object. A number is the same as its text, which the operator's Java takes it for.
func same(one, other any) bool {
	if isNothing(one) || isNothing(other) {
		return isNothing(one) && isNothing(other)
	}
	switch one := one.(type) {
	case map[string]any:
		other, ok := other.(map[string]any)
		return ok && sameFields(one, other)
	case []any:
		other, ok := other.([]any)
		if !ok || len(one) != len(other) {
			return false
		}
		for i := range one {
			if !same(one[i], other[i]) {
				return false
			}
		}
		return true
	}
	return isScalar(other) && textOf(one) == textOf(other)
}

func sameFields(one, other map[string]any) bool {
	for name, value := range one {
		if !same(value, other[name]) {
			return false
		}
	}
	for name, value := range other {
		if _, ok := one[name]; !ok && !isNothing(value) {
			return false
		}
	}
	return true
}

func isScalar(node any) bool {
	switch node.(type) {
	case string, bool, int64, int, float64, json.Number:
		return true
	}
	return false
}

func isNothing(node any) bool {
	switch node := node.(type) {
	case nil:
		return true
	case map[string]any:
		return len(node) == 0
	case []any:
		return len(node) == 0
	}
	return false
}
