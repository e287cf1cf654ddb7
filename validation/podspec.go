package validation

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// podSpec is the pod spec of the workload under review, or of the one that reads the configuration under review; nil if there
// is none.
func (s *Subject) podSpec() *corev1.PodSpec {
	if s.Member == nil || s.Member.Template == nil || s.Member.Role == "" {
		return nil
	}
	return &s.Member.Template.Spec
}

// podSpecPath is the path of the workload's pod spec.
func (s *Subject) podSpecPath() string {
	path, _, _ := strings.Cut(s.Member.Process.Path, ".containers[")
	return path
}

// podField is the position of a field of the workload's pod spec.
func (s *Subject) podField(name string) flink.Position {
	return flink.Position{Path: s.podSpecPath() + "." + name}
}

// defaultAccount is the account of a pod that names none.
const defaultAccount = workload.DefaultAccount
