package validation

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// podSpec is the pod spec of the workload under review, or of the one that reads the configuration under review; nil if there
// is none.
func (s *Subject) podSpec() *corev1.PodSpec {
	if s.Member == nil || s.Member.Template == nil || s.Member.Role == "" {
		return nil
	}
	return &s.Member.Template.Spec
}

// podField is the position of a field of the workload's pod spec.
func (s *Subject) podField(name string) flink.Position {
	spec, _, _ := strings.Cut(s.Member.Process.Path, ".containers[")
	return flink.Position{Path: spec + "." + name}
}

// defaultAccount is the account of a pod that names none.
const defaultAccount = "default"

// accountOf is the service account that a pod spec names, "" for none. The API server keeps the deprecated field equal to the
// other one; a manifest may have it alone.
func accountOf(spec *corev1.PodSpec) (field, account string) {
	if spec.ServiceAccountName == "" && spec.DeprecatedServiceAccount != "" {
		return "serviceAccount", spec.DeprecatedServiceAccount
	}
	return "serviceAccountName", spec.ServiceAccountName
}

// written is a text for a violation's Found, nil for none.
func written(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
