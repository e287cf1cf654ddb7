package policy

import "strings"

// Labels and annotations that users set.
const (
	// LabelGuard on a namespace with the value GuardDisabled keeps every webhook of ours away from it.
	LabelGuard    = "flink-ha.dev/guard"
	GuardDisabled = "disabled"
	// AnnotationHighAvailability with the value "not-required reason…" says that no high availability is wanted here.
	AnnotationHighAvailability = "flink-ha.dev/high-availability"
	// AnnotationConfiguration is "true" or "false": a ConfigMap is, or is not, Flink configuration, whatever it looks like.
	AnnotationConfiguration = "flink-ha.dev/configuration"
)

// notRequired is the first word of the opt-out from high availability.
const notRequired = "not-required"

// HighAvailabilityNotRequired tells whether an object opts out of high availability. A reason must follow the word, so that
// somebody who reads the object later knows why.
func HighAvailabilityNotRequired(annotations map[string]string) bool {
	reason, ok := strings.CutPrefix(strings.TrimSpace(annotations[AnnotationHighAvailability]), notRequired)
	return ok && strings.Trim(reason, " \t:;,-") != ""
}

// DeclaresConfiguration tells whether a ConfigMap's author calls it Flink configuration, or says that it is none.
func DeclaresConfiguration(annotations map[string]string) (declared, disclaimed bool) {
	value := annotations[AnnotationConfiguration]
	return value == "true", value == "false"
}
