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
	// Quiet says only what would be refused.
	Quiet bool
	// Version of the program, for forms that name their tool.
	Version string
}

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
	}
}
