package report

import (
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// Options say how a report is written.
type Options struct {
	// Colour uses the escape sequences of terminals.
	Colour bool
	// Verbose says also what is fine, what is unknown, and what was left.
	Verbose bool
	// Quiet says only what would be refused, and what would be warned about where WarningsFail.
	Quiet, WarningsFail bool
	// Program is what its user calls the program, for advice; "" for flink-ha-webhook.
	Program string
	// Version of the program, for forms that name their tool.
	Version string
}

// saysWarnings tells whether what would be warned about is said.
func (o *Options) saysWarnings() bool { return !o.Quiet || o.WarningsFail }

// Format is a form in which a report can be written.
type Format struct {
	Name string
	// Summary is one line for the help text.
	Summary string
	Write   func(out io.Writer, report *check.Report, options Options) error
}

// Formats are all forms, the default first.
func Formats() []Format {
	return []Format{
		{Name: "text", Summary: "for people, grouped by file", Write: Text},
		{Name: "json", Summary: "one document for programs", Write: JSON},
		{Name: "sarif", Summary: "SARIF 2.1.0, for code scanning", Write: SARIF},
		{Name: "junit", Summary: "JUnit XML, for test reports", Write: JUnit},
		{Name: "github", Summary: "workflow commands, for annotations on GitHub", Write: GitHub},
		{Name: "patch", Summary: "what admission would edit, as JSON Patch", Write: Patch},
		{Name: "yaml", Summary: "the objects as admission would hand them on", Write: YAML},
	}
}
