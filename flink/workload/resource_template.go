package workload

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Template is the pod template of the JobManager as far as the resource describes it: spec.podTemplate together with
// spec.jobManager.podTemplate. The operator merges the two (FlinkConfigBuilder.applyPodTemplate), their lists by position or by
// name as one of its options says; here everything that either has is in it, so that what is missing is certainly missing. It
// is empty where there is no pod template, and nil where one cannot be read. It is read with each call.
func (r *Resource) Template() *corev1.PodTemplateSpec {
	merged, ok := podTemplateOf(r.podTemplate)
	if !ok {
		return nil
	}
	own, ok := podTemplateOf(r.jobManagerTemplate)
	if !ok {
		return nil
	}
	for name, value := range own.Labels {
		if merged.Labels == nil {
			merged.Labels = map[string]string{}
		}
		merged.Labels[name] = value
	}
	mergePod(&merged.Spec, &own.Spec)
	return &merged
}

func podTemplateOf(node any) (template corev1.PodTemplateSpec, ok bool) {
	if node == nil {
		return template, true
	}
	fields, ok := node.(map[string]any)
	if !ok {
		return template, false
	}
	err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &template)
	return template, err == nil
}

func mergePod(merged, own *corev1.PodSpec) {
	if own.ServiceAccountName != "" {
		merged.ServiceAccountName = own.ServiceAccountName
	}
	if own.AutomountServiceAccountToken != nil {
		merged.AutomountServiceAccountToken = own.AutomountServiceAccountToken
	}
	merged.Volumes = append(merged.Volumes, own.Volumes...)
	merged.InitContainers = append(merged.InitContainers, own.InitContainers...)
	for _, container := range own.Containers {
		mergeContainer(merged, container)
	}
}

func mergeContainer(merged *corev1.PodSpec, own corev1.Container) {
	for i := range merged.Containers {
		into := &merged.Containers[i]
		if into.Name != own.Name {
			continue
		}
		into.Env = append(into.Env, own.Env...)
		into.EnvFrom = append(into.EnvFrom, own.EnvFrom...)
		into.VolumeMounts = append(into.VolumeMounts, own.VolumeMounts...)
		return
	}
	merged.Containers = append(merged.Containers, own)
}
