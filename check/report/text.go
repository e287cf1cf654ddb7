package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// The colours, as terminals know them.
const (
	bold   = "\x1b[1m"
	faint  = "\x1b[2m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
	cyan   = "\x1b[36m"
	normal = "\x1b[0m"
)

// Text writes a report for people: for every file what there is to say, by line, and a summary. What would be refused and what
// would be warned about is said, with the line to change under it and, where a rule occurs first, the page on it; so are the edits
// that admission would make, without values in which anything may stand. Problems are left to the caller, who says them where errors
// are said; they are counted.
//
// A mistake in a ConfigMap that workloads read is said once, of the ConfigMap.
//
// Verbose adds what is only noted in the audit log, what is exempt and why, objects that are fine, questions that are open, and
// files that were left. Quiet says nothing but what would be refused, and what would be warned about where that fails, and nothing at all
// where there is none of it.
//
// The error is that of writing.
func Text(out io.Writer, report *check.Report, options Options) error {
	if options.Quiet && report.Summary.Deny == 0 && (!options.WarningsFail || report.Summary.Warn == 0) {
		return nil
	}
	buffered := bufio.NewWriter(out)
	w := textWriter{options: options, out: buffered, explained: map[string]bool{}}
	for _, file := range w.entriesByFile(report) {
		w.file(file, report.Rendered[file.file].By)
	}
	w.summary(report)
	if w.err != nil {
		return w.err
	}
	return buffered.Flush()
}

// textWriter writes a report for people. It remembers the first error of writing.
type textWriter struct {
	options Options
	out     io.Writer
	err     error
	// explained are the rules whose pages have been named.
	explained map[string]bool
}

// write writes a line.
func (w *textWriter) write(parts ...string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, strings.Join(parts, "")+"\n")
	}
}

func (w *textWriter) paint(text, colour string) string {
	if !w.options.Colour || colour == "" || text == "" {
		return text
	}
	return colour + text + normal
}

// file writes what there is to say of a file, or of a folder with what rendered it.
func (w *textWriter) file(file textFile, by manifest.Rendering) {
	name := shownFile(file.file)
	if file.live {
		name = "the cluster"
		if file.namespace != "" {
			name = "namespace " + file.namespace + " of the cluster"
		}
	}
	w.write(w.paint(printable(name), bold), renderedBy(by))
	width := 0
	for i := range file.entries {
		width = max(width, len(lineAndColumn(file.entries[i].place)))
	}
	for i := range file.entries {
		w.entry(&file.entries[i], width)
	}
	w.write()
}

// renderedBy says which text the lines are counted in: "" for that of the file.
func renderedBy(by manifest.Rendering) string {
	if by == "" {
		return ""
	}
	return " (rendered by " + string(by) + ", with lines of what comes of it)"
}

// shownFile is the name of a file as people know it.
func shownFile(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// lineAndColumn is "" for a file as a whole.
func lineAndColumn(place manifest.Place) string {
	if place.Line == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%d", place.Line, place.Column)
}

// bodyIndent is how deep that stands which belongs to an entry.
const bodyIndent = "      "

func (w *textWriter) entry(e *entry, width int) {
	head := []string{"  " + w.paint(fmt.Sprintf("%-7s", e.word), e.colour)}
	if width > 0 {
		head = slices.Insert(head, 0, fmt.Sprintf("  %-*s", width, lineAndColumn(e.place)))
		head[1] = strings.TrimPrefix(head[1], "  ")
	}
	if e.title != "" {
		head = append(head, printable(e.title))
	}
	if e.finding != nil {
		head = append(head, w.paint("["+e.finding.Rule+"]", faint))
	}
	w.write(strings.TrimRight(strings.Join(head, "  "), " "))
	for _, text := range e.body {
		indent := bodyIndent
		for line := range strings.Lines(text) {
			w.write(indent + printable(strings.TrimRight(line, "\r\n")))
			indent = bodyIndent + "    " // a manifest, below the sentence that it belongs to
		}
	}
	if e.finding != nil {
		w.source(e)
		w.page(e.finding)
	}
}

// source writes the line to change, and a caret under the column.
func (w *textWriter) source(e *entry) {
	line, caret, ok := underlined(e.finding.Line, e.finding.Caret)
	if !ok {
		return
	}
	gutter := fmt.Sprintf("%d | ", e.place.Line)
	w.write(bodyIndent, w.paint(gutter, faint), line)
	mark := "^"
	if e.finding.Missing {
		mark = "^ belongs here"
	}
	w.write(bodyIndent, w.paint(strings.Repeat(" ", len(gutter)-len("| "))+"| ", faint), caret, w.paint(mark, e.colour))
}

// page names the page on a rule, once.
func (w *textWriter) page(finding *check.Finding) {
	if w.explained[finding.Rule] {
		return
	}
	w.explained[finding.Rule] = true
	w.write(bodyIndent, w.paint("see "+validation.DocsURL(finding.Rule), faint))
}

// isShown tells whether findings with an action are said.
func (w *textWriter) isShown(action policy.Action) bool {
	switch action {
	case policy.ActionDeny:
		return true
	case policy.ActionWarn:
		return w.options.saysWarnings()
	case policy.ActionAudit, policy.ActionExempt, policy.ActionNone:
	}
	return w.options.Verbose && !w.options.Quiet
}
