package check

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestRemediesAreRightAtTheirPlaces takes the example of every rule in every form that a manifest can have. Wherever a finding says a
// line to write, it writes that line at the finding's place and nothing else, and checks again: the finding is gone, and nothing is
// refused that was not refused before.
func TestRemediesAreRightAtTheirPlaces(t *testing.T) {
	applied := map[string]int{}
	for _, form := range forms() {
		t.Run(form.name, func(t *testing.T) {
			for _, rule := range validation.Rules() {
				if example, ok := form.write(t, rule.Example.Wrong); ok {
					applied[form.name] += applyRemedies(t, rule, form, example)
				}
			}
		})
	}
	for form, wanted := range map[string]int{
		"as it is": 35, "CR LF": 35, "literal": 25, "stripped": 25, "indicator": 25, "folded": 25, "quoted": 25, "single quotes": 25,
		"JSON": 35, "list": 35, "arguments": 17, "nested": 4, "bare legacy": 15, "bare standard": 3,
	} {
		if applied[form] < wanted {
			t.Errorf("%s: %d remedies were applied, want %d", form, applied[form], wanted)
		}
	}
}

// applyRemedies applies the remedies of a rule's findings one by one, and counts those that say a line.
func applyRemedies(t *testing.T, rule validation.Rule, form form, text string) int {
	t.Helper()
	count := 0
	before := checked(t, form.file, text, rule.Example.Prefixes...)
	for i := range before.Objects {
		for _, finding := range before.Objects[i].Findings {
			if finding.Rule != rule.ID {
				continue
			}
			mended, ok := mender{text: text, at: offsetOf(text, finding.Place), lineBreak: form.lineBreak, finding: &finding}.mend()
			if !ok {
				continue
			}
			count++
			compare(t, mendedText{form: form, finding: &finding, before: before, text: text, mended: mended, prefixes: rule.Example.Prefixes})
		}
	}
	return count
}

type mendedText struct {
	form         form
	finding      *Finding
	before       *Report
	text, mended string
	prefixes     []string
}

// compare checks a text with one remedy in it. What was refused before for the same option may be so by another rule.
func compare(t *testing.T, m mendedText) {
	t.Helper()
	was, is := actions(m.before), actions(checked(t, m.form.file, m.mended, m.prefixes...))
	for found, action := range is {
		switch {
		case found.rule == m.finding.Rule && found.option == m.finding.Option:
			t.Errorf("%v is still there after %q at %s:\n%s\nwas\n%s", found, m.finding.Remedy, m.finding.Place, m.mended, m.text)
		case action != policy.ActionDeny || was[found] == policy.ActionDeny:
		case was[question{found.object, m.finding.Rule, found.option}] != policy.ActionDeny:
			t.Errorf("%v came up after %q at %s:\n%s\nwas\n%s", found, m.finding.Remedy, m.finding.Place, m.mended, m.text)
		}
	}
}

// question is what a finding is about.
type question struct{ object, rule, option string }

// actions are what comes of the findings in a report.
func actions(report *Report) map[question]policy.Action {
	found := map[question]policy.Action{}
	for i := range report.Objects {
		object := &report.Objects[i]
		for _, finding := range object.Findings {
			found[question{object.Kind + " " + object.Name, finding.Rule, finding.Option}] = finding.Action
		}
	}
	return found
}
