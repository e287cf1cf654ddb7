package rulepage

import (
	"fmt"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Markdown is the page of a rule.
func (s *Sheet) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", s.ID, prose(s.Summary))
	b.WriteString("| | |\n|---|---|\n")
	for _, fact := range s.facts() {
		fmt.Fprintf(&b, "| %s | %s |\n", fact.name, prose(fact.value))
	}
	section := func(title, text string) { fmt.Fprintf(&b, "\n## %s\n\n%s\n", title, text) }
	section("Why it matters", prose(s.Why))
	section("What to do", prose(s.Remedy))
	section("Example", s.example())
	if s.Answer != nil {
		section("What the guard says of it", fence("text", s.Answer.text()))
		if s.Answer.Manifest != "" {
			section(mendingTitle, fence("yaml", s.Answer.Manifest))
		}
	}
	section("Mended", fence("yaml", s.Example.Right))
	section("To exempt one object", "For a while and with a reason, on the object itself. The day is the last one on which it holds.\n\n"+
		fence("yaml", "metadata:\n  annotations:\n    "+s.exemption()))
	section("Source", prose(s.Source))
	return b.String()
}

const mendingTitle = "What the finding offers to apply"

// fact is a line of what is known of a rule.
type fact struct{ name, value string }

func (s *Sheet) facts() []fact {
	facts := []fact{
		{"Level", string(s.Level)},
		{"Rule set", "since " + s.Introduced},
		{"Flink", versions(s.FlinkVersions)},
		{"Applies to", strings.Join(s.AppliesTo, "; ")},
	}
	if len(s.Modes) > 0 {
		facts = append(facts, fact{"High availability", strings.Join(s.modesInWords(), ", ")})
	}
	return facts
}

func versions(text string) string {
	if text == "all" {
		return "all versions"
	}
	return text
}

// example is the wrong example, with what it is compared to and what is around it.
func (s *Sheet) example() string {
	var b strings.Builder
	if len(s.Example.AllowedPrefixes) > 0 {
		b.WriteString("The policy allows:\n\n" + fence("yaml", "storage: {allowedPrefixes: ["+strings.Join(s.Example.AllowedPrefixes, ", ")+"]}") + "\n\n")
	}
	if s.Example.Before != "" {
		b.WriteString("What is there:\n\n" + fence("yaml", s.Example.Before) + "\n\n")
	}
	b.WriteString(s.introduction() + "\n\n" + fence("yaml", s.Example.Wrong))
	return b.String()
}

// introduction says what is done with the wrong example.
func (s *Sheet) introduction() string {
	text := map[string]string{"create": "It is applied", "update": "It is changed to", "delete": "It is deleted"}[s.Example.Request]
	if strings.Contains(s.Example.Wrong, "\n---\n") {
		text += "; what follows the first document is there already"
	}
	return text + ":"
}

// text is what a user reads in a terminal.
func (a *Answer) text() string {
	var lines []string
	if a.Message != "" {
		lines = append(lines, a.Message)
	}
	for _, warning := range a.Warnings {
		lines = append(lines, "Warning: "+warning)
	}
	return strings.Join(lines, "\n")
}

func fence(language, text string) string {
	return "```" + language + "\n" + strings.TrimSuffix(text, "\n") + "\n```"
}

// prose keeps Markdown from taking a text for more than it is: <bucket> for a tag, * for emphasis, $ for mathematics, | for the
// end of a cell.
func prose(text string) string {
	return strings.NewReplacer(`<`, `\<`, `*`, `\*`, `$`, `\$`, `|`, `\|`).Replace(text)
}

// Index is the table of all rules, in the order in which findings are reported. link makes the address of a rule's page.
func Index(rules []validation.Rule, link func(id string) string) string {
	var b strings.Builder
	b.WriteString("# Rules\n\nIn the order in which findings are reported. `baseline` is refused unless a namespace or the policy says otherwise, " +
		"`strict` is warned about.\n\n| rule | level | since | Flink | what is wrong |\n|---|---|---|---|---|\n")
	for _, rule := range rules {
		sheet := Of(rule)
		fmt.Fprintf(&b, "| [%s](%s) | %s | %s | %s | %s |\n", sheet.ID, link(sheet.ID), sheet.Level, sheet.Introduced, sheet.FlinkVersions, prose(sheet.Summary))
	}
	return b.String()
}
