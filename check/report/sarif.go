package report

import (
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Identity of the form and of the tool.
const (
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifVersion = "2.1.0"
	toolName     = "flink-ha-webhook"
	toolURI      = "https://github.com/flink-ha/flink-ha-webhook"
	language     = "en-US"
)

// The levels of SARIF.
const (
	sarifError   = "error"
	sarifWarning = "warning"
	sarifNote    = "note"
)

// SARIF writes the report as SARIF 2.1.0, the form that code scanning reads: one run, with the rules that found something.
//
// A result is an error for what would be refused, a warning for what would be warned about, and a note for what the policy only
// wants in the audit log. An exemption suppresses its result: in the source where an annotation of the object exempts it, and
// externally where the policy or a baseline does. Refusals and warnings behind which no rule stands have the rules "refusal" and "note". What could
// not be read is a notification of the run, which was not successful then; files that were left, and with Verbose what is unknown,
// are notes among them.
//
// A location is a line and a column, in Unicode code points, of a file below the root of the repository (%SRCROOT%) where its name is
// relative, and the object that has it. The finger print flinkHaFinding/v1 stays the same when lines move, when the value changes,
// and when other findings come and go; it is to be read together with the name of the file.
//
// The error is that of writing.
func SARIF(out io.Writer, report *check.Report, options Options) error {
	report = inFiles(report)
	rules := newRuleTable(report)
	run := sarifRun{
		Tool:               sarifTool{sarifDriver{toolName, options.Version, toolURI, language, rules.described()}},
		Invocations:        []sarifInvocation{invocationOf(report, options)},
		OriginalURIBaseIDs: map[string]sarifArtifact{sourceRoot: {Description: &sarifText{Text: "the folder that the check was started in"}}},
		Language:           language,
		ColumnKind:         "unicodeCodePoints",
		NewlineSequences:   []string{"\r\n", "\n", "\r"}, // as manifest counts lines
		Results:            []sarifResult{},
	}
	prints := fingerprints{counted: map[counted]int{}, onLine: map[ruleOnLine]bool{}}
	for i := range report.Objects {
		object := &report.Objects[i]
		for j := range object.Findings {
			finding := &object.Findings[j]
			if finding.Repeated {
				continue
			}
			result := rules.result(finding.Rule, levelOf(finding), messageOf(finding), object, finding.Place)
			result.Fingerprints = prints.of(object, finding)
			result.Suppressions = suppressionsOf(object, finding)
			run.Results = append(run.Results, result)
		}
		for _, said := range remarksOf(object) {
			result := rules.result(said.rule, said.level, said.text, object, object.Place)
			result.Fingerprints = prints.ofRemark(object, said.rule)
			run.Results = append(run.Results, result)
		}
	}
	return writeJSON(out, sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

func (t *ruleTable) result(rule, level, message string, object *check.Object, place manifest.Place) sarifResult {
	return sarifResult{
		RuleID: rule, RuleIndex: t.index[rule], Level: level, Message: sarifMessage(message),
		Locations: []sarifLocation{{Physical: physicalOf(place), Logical: logicalOf(object)}},
	}
}

func levelOf(finding *check.Finding) string {
	switch finding.Action {
	case policy.ActionDeny:
		return sarifError
	case policy.ActionWarn:
		return sarifWarning
	case policy.ActionExempt:
		return levelOfRule(finding.Level, finding.Advice)
	case policy.ActionAudit, policy.ActionNone:
	}
	return sarifNote
}

// suppressionsOf says what exempts a finding, if anything does.
func suppressionsOf(object *check.Object, finding *check.Finding) []sarifSuppression {
	suppression := sarifSuppression{Kind: "external", Status: "accepted"}
	switch {
	case finding.Action != policy.ActionExempt:
		return nil
	case finding.Baseline:
		suppression.Justification = "the baseline has it"
	case object.Exempt != "":
		suppression.Justification = "the " + object.Exempt + " is exempt by the policy"
	default:
		suppression.Kind = "inSource"
		suppression.Justification = "an annotation of the object exempts it from " + finding.Rule
	}
	return []sarifSuppression{suppression}
}

// remark is what admission says without a rule.
type remark struct{ rule, level, text string }

func remarksOf(object *check.Object) []remark {
	var remarks []remark
	if object.Refusal != "" {
		remarks = append(remarks, remark{ruleRefusal, sarifError, object.Refusal})
	}
	for _, note := range object.Notes {
		remarks = append(remarks, remark{ruleNote, sarifWarning, note})
	}
	return remarks
}

// invocationOf tells how the run went.
func invocationOf(report *check.Report, options Options) sarifInvocation {
	invocation := sarifInvocation{ExecutionSuccessful: len(report.Problems) == 0}
	notify := func(level, text string, location sarifLocation) {
		notification := sarifNotification{Level: level, Message: sarifMessage(text)}
		if location.Physical != nil || location.Logical != nil {
			notification.Locations = []sarifLocation{location}
		}
		invocation.Notifications = append(invocation.Notifications, notification)
	}
	for _, problem := range report.Problems {
		place, reason := placeOfProblem(problem)
		notify(sarifError, reason, sarifLocation{Physical: physicalOf(place)})
	}
	for _, left := range report.Left {
		notify(sarifNote, left.Text, sarifLocation{Physical: physicalOf(left.Place)})
	}
	if options.Verbose {
		for i := range report.Objects {
			object := &report.Objects[i]
			for _, unknown := range object.Unknown {
				notify(sarifNote, unknown, sarifLocation{Physical: physicalOf(object.Place), Logical: logicalOf(object)})
			}
		}
	}
	return invocation
}
