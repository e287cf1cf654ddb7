package rulepage

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// width of a line of prose in a terminal.
const width = 100

// Text is what there is to say of a rule, for a terminal.
func (s *Sheet) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", s.ID, indented(wrapped(s.Summary)))
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, fact := range s.facts() {
		fmt.Fprintf(table, "  %s\t%s\n", fact.name, fact.value)
	}
	_ = table.Flush() // a builder takes everything
	section := func(title, text string) { fmt.Fprintf(&b, "\n%s\n%s\n", title, indented(text)) }
	section("Why it matters", wrapped(s.Why))
	section("What to do", wrapped(s.Remedy))
	if len(s.Example.AllowedPrefixes) > 0 {
		section("With the policy", "storage: {allowedPrefixes: ["+strings.Join(s.Example.AllowedPrefixes, ", ")+"]}")
	}
	if s.Example.Before != "" {
		section("What is there", s.Example.Before)
	}
	section(s.introduction(), s.Example.Wrong)
	if s.Answer != nil {
		section("What the guard says of it", s.Answer.text())
		if s.Answer.Manifest != "" {
			section(mendingTitle, s.Answer.Manifest)
		}
	}
	section("Mended", s.Example.Right)
	section("To exempt one object until a day", s.exemption())
	section("Source", wrapped(s.Source))
	section("More", s.Docs)
	return b.String()
}

// Table lists rules for a terminal.
func Table(rules []validation.Rule) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tLEVEL\tSINCE\tFLINK\tWHAT IS WRONG")
	for _, rule := range rules {
		sheet := Of(rule)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", sheet.ID, sheet.Level, sheet.Introduced, sheet.FlinkVersions, sheet.Summary)
	}
	_ = table.Flush() // a builder takes everything
	return b.String()
}

// indented moves each line that is not empty two columns to the right.
func indented(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

// wrapped breaks a text at blanks. A word that is longer than a line gets a line of its own.
func wrapped(text string) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		length := len([]rune(word))
		switch {
		case column == 0:
		case column+1+length > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}
