package policy

import (
	"fmt"
	"regexp"
	"strings"
)

// labelDomain begins every label and annotation that the guard reads, but for exemptions from rules.
const labelDomain = "flink-ha.dev/"

// Labels of a namespace.
const (
	LabelEnforce        = labelDomain + "enforce"
	LabelWarn           = labelDomain + "warn"
	LabelAudit          = labelDomain + "audit"
	LabelEnforceVersion = labelDomain + "enforce-version"
	LabelWarnVersion    = labelDomain + "warn-version"
	LabelAuditVersion   = labelDomain + "audit-version"
	// LabelServiceAccount names the account to inject in this namespace. An annotation of the same name counts where there is
	// no such label (see NamespaceMarks).
	LabelServiceAccount = labelDomain + "service-account"
	// LabelGuard with the value GuardDisabled keeps every webhook of ours away from the namespace.
	LabelGuard    = labelDomain + "guard"
	GuardDisabled = "disabled"
)

// maxUnknownLabels is how many labels that do not exist are reported.
const maxUnknownLabels = 20

// maxName is how long a Kubernetes name may be that is a DNS subdomain.
const maxName = 253

// dnsSubdomain is what names of service accounts look like
// (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names).
var dnsSubdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// NamespaceMarks are what a namespace says to the guard: its labels of our domain, and the account to inject also by an
// annotation, for those who may not set labels, or keep labels for what is selected by. The label wins. Nothing to say is nil.
func NamespaceMarks(labels, annotations map[string]string) map[string]string {
	var marks map[string]string
	mark := func(key, value string) {
		if marks == nil {
			marks = map[string]string{}
		}
		marks[key] = value
	}
	for key, value := range labels {
		if strings.HasPrefix(key, labelDomain) {
			mark(key, value)
		}
	}
	_, labelled := labels[LabelServiceAccount]
	if account, annotated := annotations[LabelServiceAccount]; annotated && !labelled {
		mark(LabelServiceAccount, account)
	}
	return marks
}

// LabelProblem is a label of a namespace that does not do what its author may think.
type LabelProblem struct {
	Label, Value string
	// Annotation is true for an annotation that is read like a label.
	Annotation bool
	// Needs says what would be right.
	Needs string
	// Warning is true where the label may stand all the same: a rule set that only a newer guard has, or a label that does
	// not exist. The others are refused when somebody sets them.
	Warning bool
}

// String is the whole sentence.
func (p LabelProblem) String() string {
	return fmt.Sprintf("%s %s: found %s, %s", p.Noun(), clip(p.Label, maxName), quote(p.Value), p.Needs)
}

// Noun is what the problem is about.
func (p LabelProblem) Noun() string {
	if p.Annotation {
		return "annotation"
	}
	return "label"
}

// modeLabels are the two labels of a mode.
type modeLabels struct{ level, version string }

// ForNamespace are the modes of a namespace: its labels over the defaults of the policy. A label that is not right counts as if
// it were not there, and is reported.
func (p *Policy) ForNamespace(labels map[string]string) (Modes, []LabelProblem) {
	modes := p.Defaults
	if len(labels) == 0 {
		return modes, nil
	}
	var problems []LabelProblem
	modes.Enforce, problems = modes.Enforce.labelled(labels, modeLabels{LabelEnforce, LabelEnforceVersion}, problems)
	modes.Warn, problems = modes.Warn.labelled(labels, modeLabels{LabelWarn, LabelWarnVersion}, problems)
	modes.Audit, problems = modes.Audit.labelled(labels, modeLabels{LabelAudit, LabelAuditVersion}, problems)
	return modes, problems
}

// ValidateLabels finds what is wrong with the labels of a namespace, all of it: for whoever sets them.
func ValidateLabels(labels map[string]string) []LabelProblem {
	if len(labels) == 0 {
		return nil
	}
	nothing := Policy{}
	_, problems := nothing.ForNamespace(labels)
	if account, set := labels[LabelServiceAccount]; set && !isAccountName(account) {
		problems = append(problems, LabelProblem{Label: LabelServiceAccount, Value: account, Needs: needsAccount})
	}
	if guard, set := labels[LabelGuard]; set && guard != GuardDisabled {
		problems = append(problems, LabelProblem{Label: LabelGuard, Value: guard, Needs: "needs " + GuardDisabled + ", or no such label"})
	}
	known := []string{
		LabelEnforce, LabelEnforceVersion, LabelWarn, LabelWarnVersion, LabelAudit, LabelAuditVersion, LabelServiceAccount, LabelGuard,
	}
	for _, label := range unknownNames(labels, known, maxUnknownLabels) {
		problems = append(problems, LabelProblem{
			Label: label, Value: labels[label], Needs: "but there is no label of this name" + didYouMean(label, known), Warning: true,
		})
	}
	return problems
}

// needsAccount is what the label, or annotation, that names an account needs.
const needsAccount = "needs the name of a service account"

// ValidateNamespaceAnnotations finds what is wrong with the annotation of a namespace that is read like a label: no name of an
// account, which is refused when somebody sets it, or one that its label overrules.
func ValidateNamespaceAnnotations(labels, annotations map[string]string) []LabelProblem {
	account, set := annotations[LabelServiceAccount]
	if !set {
		return nil
	}
	problem := LabelProblem{Label: LabelServiceAccount, Value: account, Annotation: true}
	label, labelled := labels[LabelServiceAccount]
	switch {
	case !isAccountName(account):
		problem.Needs = needsAccount
	case labelled && label != account:
		problem.Needs, problem.Warning = "but the label of this name says something else, and counts", true
	default:
		return nil
	}
	return []LabelProblem{problem}
}

// labelled is a mode with the labels of a namespace over it.
func (m Mode) labelled(labels map[string]string, names modeLabels, problems []LabelProblem) (Mode, []LabelProblem) {
	if value, set := labels[names.level]; set {
		if level := Level(value); level.exists() {
			m.Level = level
		} else {
			problems = append(problems, LabelProblem{Label: names.level, Value: value, Needs: "needs " + oneOf(levels())})
		}
	}
	value, set := labels[names.version]
	if !set {
		return m, problems
	}
	version, err := ParseVersion(value)
	switch {
	case err != nil:
		return m, append(problems, LabelProblem{Label: names.version, Value: value, Needs: "needs " + oneOf(versions())})
	case version.Later():
		m.Version = VersionLatest
		return m, append(problems, LabelProblem{
			Label: names.version, Value: value, Needs: "which this guard does not know: the latest rule set that it has, " + CurrentRuleSet + ", counts", Warning: true,
		})
	}
	m.Version = version
	return m, problems
}
