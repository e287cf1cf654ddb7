package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// configMapReach is the reach of a ConfigMap.
func configMapReach(configMap *corev1.ConfigMap) admission.Reach {
	others := !isAppliedByPeople(&configMap.ObjectMeta)
	if isState(configMap) {
		return admission.Reach{Strip: len(configMap.OwnerReferences) > 0, Validate: others && isTracked(configMap)}
	}
	configuration := mayBeConfiguration(configMap)
	_, taken := hastate.TakenForState(configMap)
	return admission.Reach{Mutate: configuration, Validate: configuration || others && taken}
}

// Bounds of the conditions.
const (
	maxKeysRead   = 256
	maxNameLength = 253
	// maxTextSearched is how long a file may be, in characters, of which more is looked at than the beginnings of lines.
	maxTextSearched = 8192
)

// isState is ha-state, and not-ha-state its contrary. Of a ConfigMap with very many keys the name decides.
func isState(configMap *corev1.ConfigMap) bool {
	if utf8.RuneCountInString(configMap.Name) > maxNameLength {
		return false
	}
	if len(configMap.Data) > maxKeysRead {
		configMap = configMap.DeepCopy()
		configMap.Annotations = map[string]string{hastate.LeaderAnnotation: ""}
	}
	_, state := hastate.Recognize(configMap)
	return state
}

// isTracked is what the condition configmaps asks of HA state.
func isTracked(configMap *corev1.ConfigMap) bool {
	return slices.ContainsFunc([]string{
		"app.kubernetes.io/instance", "argocd.argoproj.io/instance", "argocd.argoproj.io/tracking-id",
		"kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace",
		"helm.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/namespace",
		"meta.helm.sh/release-name", "meta.helm.sh/release-namespace", "app.kubernetes.io/managed-by",
		"kapp.k14s.io/app", "kapp.k14s.io/association", "kapp.k14s.io/identity",
		"config.k8s.io/owning-inventory", "applyset.kubernetes.io/part-of",
		"objectset.rio.cattle.io/id", "objectset.rio.cattle.io/hash",
	}, func(mark string) bool {
		_, label := configMap.Labels[mark]
		_, annotation := configMap.Annotations[mark]
		return label || annotation
	})
}

// mayBeConfiguration is flink-configuration.
func mayBeConfiguration(configMap *corev1.ConfigMap) bool {
	declared := configMap.Annotations[policy.AnnotationConfiguration]
	_, legacy := configMap.Data[flink.LegacyFile]
	switch {
	case configMap.Name == flink.OperatorConfigMap, declared == "false":
		return false
	case declared == "true", legacy:
		return true
	}
	text := configMap.Data[flink.StandardFile]
	return slices.ContainsFunc([]string{"jobmanager", "high-availability"}, func(option string) bool { return mentionsOption(text, option) })
}

// mentionsOption tells whether an option seems to stand in a text: between what may stand around a key in YAML or, in a long text, at
// the beginning of a line.
func mentionsOption(text, option string) bool {
	switch {
	case strings.HasPrefix(text, option):
		return true
	case !strings.Contains(text, option):
		return false
	case utf8.RuneCountInString(text) > maxTextSearched:
		return strings.Contains(text, "\n"+option)
	}
	before := []string{"\n", "\r", "\t", " ", "{", ",", "\"", "'", "\ufeff"}
	after := []string{".", ":", " :", "  ", " \t", "\t", "\".", "\":", "\" ", "\"\t", "'.", "':", "' ", "'\t"}
	for offset := 0; ; {
		at := strings.Index(text[offset:], option)
		if at < 0 {
			return false
		}
		begin, end := text[:offset+at], text[offset+at+len(option):]
		if slices.ContainsFunc(before, func(b string) bool { return strings.HasSuffix(begin, b) }) &&
			slices.ContainsFunc(after, func(a string) bool { return strings.HasPrefix(end, a) }) {
			return true
		}
		offset += at + 1
	}
}
