package validation

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// mainContainer is the container in which the operator runs Flink (org.apache.flink.kubernetes.utils.Constants).
const mainContainer = "flink-main-container"

// unlessMounted qualifies what is said of a directory where the pod's volumes are not known.
const unlessMounted = ", unless a shared volume is mounted there"

// storageOnPod tells whether a storage path lies on the pod's own disk, as far as the subject shows it, and whether the pod's
// volumes are known: where they are not, one may be mounted there.
func (s *Subject) storageOnPod(value string) (onPod, volumesKnown bool) {
	if flink.StorageProblem(value) != "" || flink.IsExpanded(value) || flink.StorageScheme(s.Configuration, value) != "file" {
		return false, false
	}
	template, container, known := s.flinkContainer()
	if !known {
		return true, false
	}
	switch keeperOf(template, container, localPath(value)).kind {
	case keptByPod:
		return true, true
	case keptByNothing:
		// Options, or the operator's defaults, may mount a volume.
		return true, s.Member.Resource == nil || !s.addsVolumes() && s.Configuration.Complete()
	default:
		return false, true
	}
}

// flinkContainer is the container of the subject's member that runs Flink, in its pod template: nil if the template leaves it to
// the operator. It is not known where nothing shows the pods.
func (s *Subject) flinkContainer() (template *corev1.PodTemplateSpec, container *corev1.Container, known bool) {
	member := s.Member
	switch {
	case member == nil:
		return nil, nil, false
	case member.Resource != nil:
		if template = member.Resource.Template(); template == nil {
			return nil, nil, false
		}
		i := slices.IndexFunc(template.Spec.Containers, func(c corev1.Container) bool { return c.Name == mainContainer })
		if i < 0 {
			return template, nil, true
		}
		return template, &template.Spec.Containers[i], true
	case member.Role == "" || member.Template == nil:
		return nil, nil, false
	}
	return member.Template, &member.Template.Spec.Containers[member.Process.Container], true
}
