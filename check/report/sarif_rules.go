package report

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Rules for what admission says without one: every result of SARIF needs a rule.
const (
	ruleRefusal = "refusal"
	ruleNote    = "note"
)

// ruleTable is the rules that a report has results of, in the order of the catalogue.
type ruleTable struct {
	rules []sarifRule
	index map[string]int
}

func newRuleTable(report *check.Report) *ruleTable {
	occurs := map[string]bool{}
	for i := range report.Objects {
		object := &report.Objects[i]
		for j := range object.Findings {
			occurs[object.Findings[j].Rule] = true
		}
		for _, said := range remarksOf(object) {
			occurs[said.rule] = true
		}
	}
	table := &ruleTable{index: map[string]int{}}
	add := func(rule sarifRule) {
		if occurs[rule.ID] {
			table.index[rule.ID] = len(table.rules)
			table.rules = append(table.rules, rule)
		}
	}
	for _, rule := range validation.Rules() {
		add(describe(&rule))
	}
	add(ruleOfRemarks(ruleRefusal, sarifError, "Admission refuses the object for a reason that is no rule of the catalogue."))
	add(ruleOfRemarks(ruleNote, sarifWarning, "Admission warns about the object for a reason that is no rule of the catalogue."))
	return table
}

// described are the rules: a list also where there are none.
func (t *ruleTable) described() []sarifRule {
	if t.rules == nil {
		return []sarifRule{}
	}
	return t.rules
}

// levelOfRule is what a rule's mistakes do where neither policy nor namespace says otherwise.
func levelOfRule(level policy.Level, advice bool) string {
	if level == policy.LevelBaseline && !advice {
		return sarifError
	}
	return sarifWarning
}

func describe(rule *validation.Rule) sarifRule {
	exemption := policy.AnnotationExemptPrefix + rule.ID + `: "YYYY-MM-DD reason"`
	return sarifRule{
		ID:               rule.ID,
		ShortDescription: sarifMessage(rule.Summary),
		FullDescription:  sarifMessage(rule.Summary + " " + rule.Why),
		Help: sarifText{
			Text: escapeBraces(rule.Why + "\n\nWhat to do: " + rule.Remedy +
				"\n\nTo exempt one object, annotate it: " + exemption + "\n\nMore: " + validation.DocsURL(rule.ID)),
			Markdown: escapeBraces(prose(rule.Why) + "\n\n**What to do:** " + prose(rule.Remedy) +
				"\n\n**To exempt one object**, annotate it; the day is the last one on which it holds:\n\n```yaml\nmetadata:\n  annotations:\n    " +
				exemption + "\n```\n\n[More about " + rule.ID + "](" + validation.DocsURL(rule.ID) + ")"),
		},
		HelpURI:              validation.DocsURL(rule.ID),
		DefaultConfiguration: sarifConfiguration{levelOfRule(rule.Level, rule.Advice)},
		Properties:           sarifTags{[]string{"flink", "high-availability", string(rule.Level)}},
	}
}

func ruleOfRemarks(id, level, summary string) sarifRule {
	text := sarifText{Text: summary}
	return sarifRule{
		ID: id, ShortDescription: text, FullDescription: text, Help: sarifText{Text: summary, Markdown: summary},
		DefaultConfiguration: sarifConfiguration{level}, Properties: sarifTags{[]string{"flink", "high-availability"}},
	}
}

// prose keeps Markdown from taking placeholders and wildcards of a text for its own.
func prose(text string) string {
	return strings.NewReplacer(`<`, `\<`, `*`, `\*`, `$`, `\$`, `|`, `\|`).Replace(text)
}

// sarifMessage is a text as a message: with none of the links that SARIF has in plain text, since parts of it are the user's.
func sarifMessage(text string) sarifText {
	return sarifText{Text: escapeBraces(strings.ReplaceAll(text, "](", "] ("))}
}

// escapeBraces doubles the braces of a text: single ones are around the numbers of placeholders (SARIF 2.1.0, 3.11.5).
func escapeBraces(text string) string { return strings.NewReplacer("{", "{{", "}", "}}").Replace(text) }
