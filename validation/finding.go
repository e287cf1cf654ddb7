package validation

import (
	"fmt"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Violation is what a rule's check found.
type Violation struct {
	// Option is the key of the option at fault in its current spelling; "" where it is the file as a whole. Setting is the
	// key as it is, or must be, written.
	Option, Setting string
	// Level is set where this violation counts for less, or more, than its rule says.
	Level policy.Level
	// Position is where the value stands or, for what is missing, the field where it belongs.
	Position flink.Position
	// Found is the value, nil if there is none.
	Found *string
	// Needed says what must be there instead, as the end of a sentence: "needs …".
	Needed string
	// Remedy is the exact line to write, or what to do where no line can be given.
	Remedy string
	// Detail says what is wrong with the value, or how a near miss came about; it may be empty.
	Detail string
}

// Finding is a violation of a rule by an object.
type Finding struct {
	Rule string
	Violation
}

// docsURL is where the generated page of a rule can be read.
const docsURL = "https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/"

// DocsURL is the address of a rule's page.
func DocsURL(rule string) string { return docsURL + rule + ".md" }

// maxShown bounds what is shown of a value; more does not help to find it.
const maxShown = 120

// Message is the finding in one sentence: where, what is there, what is needed, and the fix.
func (f Finding) Message() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Position, f.found())
	if f.Detail != "" {
		fmt.Fprintf(&b, " (%s)", f.Detail)
	}
	fmt.Fprintf(&b, "; needs %s", f.Needed)
	if f.Remedy != "" {
		fmt.Fprintf(&b, "; fix: %s", f.Remedy)
	}
	return b.String()
}

// Identity tells findings of one object apart: the same rule on the same option is the same finding, wherever its line has
// moved to and whichever of its keys the option has.
func (f Finding) Identity() string { return f.Rule + " " + f.Option }

func (f Finding) found() string {
	switch {
	case f.Setting == "":
		return "Flink would not load this file"
	case f.Found == nil:
		return f.Setting + " is not set"
	}
	return f.Setting + " is " + Show(*f.Found)
}

// Show quotes a value for a message: cut to a readable length, without the user and password of a URI.
func Show(value string) string {
	return flink.Quote(flink.RedactURI(value), maxShown)
}
