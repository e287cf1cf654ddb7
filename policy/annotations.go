package policy

import (
	"slices"
	"strings"
	"time"
)

// Annotations that authors of objects set.
const (
	// AnnotationHighAvailability with the value "not-required reason…" says that no high availability is wanted here.
	AnnotationHighAvailability = "flink-ha.dev/high-availability"
	// AnnotationConfiguration is "true" or "false": a ConfigMap is, or is not, Flink configuration, whatever it looks like.
	AnnotationConfiguration = "flink-ha.dev/configuration"
	// AnnotationKeepOwnerReferences with the value "YYYY-MM-DD reason…" keeps the owner references of an HA ConfigMap until
	// the end of that day.
	AnnotationKeepOwnerReferences = "flink-ha.dev/keep-owner-references"
)

// notRequired is the first word of the opt-out from high availability.
const notRequired = "not-required"

// HighAvailabilityNotRequired tells whether an object opts out of high availability. A reason must follow the word, so that
// somebody who reads the object later knows why.
func HighAvailabilityNotRequired(annotations map[string]string) bool {
	reason, ok := reasonAfter(annotations[AnnotationHighAvailability], notRequired)
	return ok && reason != ""
}

// DeclaresConfiguration tells whether a ConfigMap's author calls it Flink configuration, or says that it is none.
func DeclaresConfiguration(annotations map[string]string) (declared, disclaimed bool) {
	value := annotations[AnnotationConfiguration]
	return value == "true", value == "false"
}

// HighAvailabilityNotRequired tells whether an object opts out of high availability, and may.
func (p *Policy) HighAvailabilityNotRequired(annotations map[string]string) bool {
	return p.OptOut.HighAvailability && HighAvailabilityNotRequired(annotations)
}

// DeclaresConfiguration tells whether a ConfigMap's author calls it Flink configuration, or says that it is none, and may.
// Anybody may ask to be judged.
func (p *Policy) DeclaresConfiguration(annotations map[string]string) (declared, disclaimed bool) {
	declared, disclaimed = DeclaresConfiguration(annotations)
	return declared, disclaimed && p.OptOut.Configuration
}

// KeepsOwnerReferences reads what an HA ConfigMap says about its owner references; asked is false if it says nothing. They stay
// only if the answer holds (see Exemption.Holds).
func (p *Policy) KeepsOwnerReferences(annotations map[string]string, now time.Time) (answer Exemption, asked bool) {
	value, asked := annotations[AnnotationKeepOwnerReferences]
	if !asked {
		return Exemption{}, false
	}
	answer = readExemption(AnnotationKeepOwnerReferences, value, now)
	if !p.OptOut.OwnerReferences {
		answer.Problem, answer.EndsSoon = "the policy lets no object keep its owner references", false
	}
	return answer, true
}

// AnnotationProblem is an annotation of ours that does not do what its author may think.
type AnnotationProblem struct {
	Annotation string
	// Problem says what is wrong with it.
	Problem string
}

// maxUnknownAnnotations is how many annotations that do not exist are reported.
const maxUnknownAnnotations = 20

// AnnotationProblems finds annotations of ours that do nothing: misspelt, without a reason, ended, or not allowed by the policy.
// Exemptions from rules are not among them (see ObjectExemptions).
func (p *Policy) AnnotationProblems(annotations map[string]string, now time.Time) []AnnotationProblem {
	var problems []AnnotationProblem
	add := func(annotation, problem string) {
		problems = append(problems, AnnotationProblem{Annotation: annotation, Problem: problem})
	}
	if _, set := annotations[AnnotationHighAvailability]; set {
		switch {
		case !HighAvailabilityNotRequired(annotations):
			add(AnnotationHighAvailability, "needs the word and a reason: "+notRequired+" reason")
		case !p.OptOut.HighAvailability:
			add(AnnotationHighAvailability, "the policy lets no object opt out of high availability")
		}
	}
	if value, set := annotations[AnnotationConfiguration]; set {
		declared, disclaimed := DeclaresConfiguration(annotations)
		switch {
		case !declared && !disclaimed:
			add(AnnotationConfiguration, "found "+quote(value)+", needs true or false")
		case disclaimed && !p.OptOut.Configuration:
			add(AnnotationConfiguration, "the policy lets no ConfigMap say that it is no Flink configuration")
		}
	}
	if answer, asked := p.KeepsOwnerReferences(annotations, now); asked && !answer.Holds() {
		add(AnnotationKeepOwnerReferences, answer.Problem)
	}
	known := []string{AnnotationHighAvailability, AnnotationConfiguration, AnnotationKeepOwnerReferences}
	for _, annotation := range unknownNames(annotations, known, maxUnknownAnnotations) {
		add(annotation, "there is no annotation of this name"+didYouMean(annotation, known))
	}
	return problems
}

// unknownNames are the first few names in our domain that do not exist, sorted.
func unknownNames(values map[string]string, known []string, most int) []string {
	var unknown []string
	for name := range values {
		if strings.HasPrefix(name, labelDomain) && !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown[:min(len(unknown), most)]
}
