package policy

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a policy file.
type Problem struct {
	// Line and Column are 1-based; 0 if they are not known.
	Line, Column int
	// Field is the path of the field, such as exemptions.namespaces[0].until; empty if the file as a whole is meant.
	Field string
	// Reason says what is there and what is needed.
	Reason string
}

// String is the whole sentence.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	return b.String() + p.Reason
}

// LoadError is everything that is wrong with a policy file, in the order of its lines.
type LoadError struct {
	Problems []Problem
	// More counts the problems beyond those that are listed.
	More int
}

// Error has a line for each problem.
func (e *LoadError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	for _, problem := range e.Problems {
		lines = append(lines, problem.String())
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}
