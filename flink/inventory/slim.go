package inventory

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// slimTemplate keeps of a pod template what the recognition of processes and the rules read, so that memory grows with Flink
// clusters and not with what else their pods need. Containers keep their places, since a process is known by its container's
// index. What is kept is shared with the template that goes in. running is the container of the process, -1 for none.
func slimTemplate(template *corev1.PodTemplateSpec, running int) *corev1.PodTemplateSpec {
	spec := &template.Spec
	slim := &corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: template.Labels, Annotations: readAnnotations(template)},
		Spec: corev1.PodSpec{
			ServiceAccountName:           spec.ServiceAccountName,
			DeprecatedServiceAccount:     spec.DeprecatedServiceAccount,
			AutomountServiceAccountToken: spec.AutomountServiceAccountToken,
			RestartPolicy:                spec.RestartPolicy,
			Volumes:                      spec.Volumes,
			Containers:                   make([]corev1.Container, len(spec.Containers)),
		},
	}
	if security := spec.SecurityContext; security != nil && security.RunAsUser != nil {
		slim.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsUser: security.RunAsUser}
	}
	for i := range spec.Containers {
		container := &spec.Containers[i]
		if i == running || runsFlink(container) {
			slim.Spec.Containers[i] = slimProcess(container)
			continue
		}
		slim.Spec.Containers[i] = slimCompanion(container)
	}
	for i := range spec.InitContainers {
		slim.Spec.InitContainers = append(slim.Spec.InitContainers, slimCompanion(&spec.InitContainers[i]))
	}
	return slim
}

// slimProcess keeps of a container that runs Flink how it starts.
func slimProcess(container *corev1.Container) corev1.Container {
	slim := corev1.Container{
		Name: container.Name, Image: container.Image, Command: container.Command, Args: container.Args,
		Env: container.Env, EnvFrom: container.EnvFrom, VolumeMounts: container.VolumeMounts,
	}
	security := container.SecurityContext
	if security == nil {
		return slim
	}
	kept := corev1.SecurityContext{RunAsUser: security.RunAsUser, ReadOnlyRootFilesystem: security.ReadOnlyRootFilesystem, Privileged: security.Privileged}
	if security.Capabilities != nil && len(security.Capabilities.Add) > 0 {
		kept.Capabilities = &corev1.Capabilities{Add: security.Capabilities.Add}
	}
	if kept != (corev1.SecurityContext{}) {
		slim.SecurityContext = &kept
	}
	return slim
}

// slimCompanion keeps of any other container what it can do to the configuration, and which ConfigMaps it names.
func slimCompanion(container *corev1.Container) corev1.Container {
	slim := corev1.Container{Name: container.Name, Image: container.Image, VolumeMounts: container.VolumeMounts}
	for _, variable := range container.Env {
		if variable.ValueFrom != nil && variable.ValueFrom.ConfigMapKeyRef != nil {
			slim.Env = append(slim.Env, variable)
		}
	}
	for _, source := range container.EnvFrom {
		if source.ConfigMapRef != nil {
			slim.EnvFrom = append(slim.EnvFrom, source)
		}
	}
	return slim
}

// annotationField begins a reference to an annotation of the pod, as in metadata.annotations['x'].
const annotationField = "metadata.annotations["

// readAnnotations are the annotations of the pods that a container takes an environment variable from. Of the others, which can
// be long and change with every restart, nobody reads anything.
func readAnnotations(template *corev1.PodTemplateSpec) map[string]string {
	var read map[string]string
	if len(template.Annotations) == 0 {
		return nil
	}
	for i := range template.Spec.Containers {
		for _, variable := range template.Spec.Containers[i].Env {
			if variable.ValueFrom == nil || variable.ValueFrom.FieldRef == nil {
				continue
			}
			rest, ok := strings.CutPrefix(variable.ValueFrom.FieldRef.FieldPath, annotationField)
			if !ok {
				continue
			}
			name := strings.Trim(strings.TrimSuffix(rest, "]"), `'"`)
			value, ok := template.Annotations[name]
			if !ok {
				continue
			}
			if read == nil {
				read = map[string]string{}
			}
			read[name] = value
		}
	}
	return read
}
