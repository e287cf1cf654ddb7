package inventory

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// podSpecPath is where a Deployment, a StatefulSet and a Job have their pod spec.
const podSpecPath = "spec.template.spec"

// WorkloadMember makes a member of a Deployment, a StatefulSet or a Job: false if it runs nothing of Flink's. The template is
// made slim; replicas is the parallelism of a Job, and job is nil for the other kinds.
func WorkloadMember(kind string, meta *metav1.ObjectMeta, template *corev1.PodTemplateSpec, replicas int32, job *Job) (*Member, bool) {
	running := -1
	if process, ok := workload.Recognize(template, podSpecPath); ok {
		running = process.Container
	} else if !carriesFlink(template) {
		return nil, false
	}
	member := &Member{
		Key:         Key{Kind: kind, Namespace: meta.Namespace, Name: meta.Name},
		UID:         meta.UID,
		Created:     meta.CreationTimestamp.Time,
		Deleting:    meta.DeletionTimestamp != nil,
		Owner:       ownerAmong(meta.OwnerReferences),
		Labels:      meta.Labels,
		Annotations: GuardAnnotations(meta.Annotations),
		Template:    slimTemplate(template, running),
		Replicas:    replicas,
		Job:         job,
	}
	// The process refers to its template, and must not keep the full one.
	if process, ok := workload.Recognize(member.Template, podSpecPath); ok {
		member.Process, member.Role = process, process.Role
	}
	member.Client = member.Role == "" && startsClient(template)
	member.ConfigMaps = namedConfigMaps(member.Template)
	return member, true
}

// carriesFlink tells whether a template in which no JobManager and no TaskManager is seen has something of Flink's all the same.
func carriesFlink(template *corev1.PodTemplateSpec) bool {
	for i := range min(len(template.Spec.Containers), workload.MaxContainers) {
		if runsFlink(&template.Spec.Containers[i]) {
			return true
		}
	}
	return false
}

// runsFlink tells whether a container runs Flink or something that comes with it. It is generous: what is taken for Flink's by
// mistake is remembered, and no process of it is judged.
func runsFlink(container *corev1.Container) bool {
	name, _ := flink.SplitImage(container.Image)
	return strings.Contains(path.Base(name), "flink") ||
		slices.ContainsFunc(container.Command, isFlinkWord) || slices.ContainsFunc(container.Args, isFlinkWord) ||
		slices.ContainsFunc(container.VolumeMounts, isFlinkMount)
}

// isFlinkWord knows the words of the command lines that start Flink's clients, its SQL gateway and its history server: scripts of
// flink-dist/src/main/flink-bin, a word of docker-entrypoint.sh, and classes.
func isFlinkWord(word string) bool {
	return isClientWord(word) || strings.Contains(word, "/flink/bin/") || strings.Contains(word, "org.apache.flink.")
}

// isClientWord knows what starts a process that is neither JobManager nor TaskManager.
func isClientWord(word string) bool {
	return word == "history-server" || strings.Contains(word, "sql-gateway.sh") || strings.Contains(word, "sql-client.sh") ||
		strings.Contains(word, "historyserver.sh")
}

// startsClient tells whether a container starts a client, the SQL gateway or the history server.
func startsClient(template *corev1.PodTemplateSpec) bool {
	return slices.ContainsFunc(template.Spec.Containers[:min(len(template.Spec.Containers), workload.MaxContainers)], func(c corev1.Container) bool {
		return slices.ContainsFunc(c.Command, isClientWord) || slices.ContainsFunc(c.Args, isClientWord)
	})
}

// isFlinkMount tells whether a mount is in Flink's configuration directory or has the name of its older file.
func isFlinkMount(mount corev1.VolumeMount) bool {
	at := path.Clean("/" + mount.MountPath)
	return at == workload.DefaultConfDir || strings.HasPrefix(at, workload.DefaultConfDir+"/") ||
		path.Base(at) == flink.LegacyFile || mount.SubPath == flink.LegacyFile
}

// namedConfigMaps are the ConfigMaps that a template names in volumes and environment, sorted.
func namedConfigMaps(template *corev1.PodTemplateSpec) []string {
	var names []string
	for i := range template.Spec.Volumes {
		volume := &template.Spec.Volumes[i]
		if volume.ConfigMap != nil {
			names = append(names, volume.ConfigMap.Name)
		}
		if volume.Projected == nil {
			continue
		}
		for _, source := range volume.Projected.Sources {
			if source.ConfigMap != nil {
				names = append(names, source.ConfigMap.Name)
			}
		}
	}
	for _, containers := range [][]corev1.Container{template.Spec.InitContainers, template.Spec.Containers} {
		for i := range containers {
			names = append(names, environmentConfigMaps(&containers[i])...)
		}
	}
	slices.Sort(names)
	return slices.Clip(slices.Compact(names))
}

func environmentConfigMaps(container *corev1.Container) (names []string) {
	for _, source := range container.EnvFrom {
		if source.ConfigMapRef != nil {
			names = append(names, source.ConfigMapRef.Name)
		}
	}
	for _, variable := range container.Env {
		if variable.ValueFrom != nil && variable.ValueFrom.ConfigMapKeyRef != nil {
			names = append(names, variable.ValueFrom.ConfigMapKeyRef.Name)
		}
	}
	return names
}

// ownerAmong is the owner reference that counts. FlinkDeployments own without being the controller.
func ownerAmong(references []metav1.OwnerReference) Owner {
	if len(references) == 0 {
		return Owner{}
	}
	at := max(0, slices.IndexFunc(references, func(r metav1.OwnerReference) bool { return r.Controller != nil && *r.Controller }))
	return Owner{Kind: references[at].Kind, Name: references[at].Name, UID: references[at].UID, APIVersion: references[at].APIVersion}
}

// guardDomain is the domain of the annotations that the guard reads: flink-ha.dev/… and <something>.flink-ha.dev/….
const guardDomain = "flink-ha.dev"

// GuardAnnotations are the annotations that the guard reads, nil if there are none.
func GuardAnnotations(annotations map[string]string) map[string]string {
	var kept map[string]string
	for name, value := range annotations {
		domain, _, _ := strings.Cut(name, "/")
		if domain != guardDomain && !strings.HasSuffix(domain, "."+guardDomain) {
			continue
		}
		if kept == nil {
			kept = map[string]string{}
		}
		kept[name] = value
	}
	return kept
}
