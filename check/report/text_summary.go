package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// summary counts the objects by what would become of them.
func (w *textWriter) summary(report *check.Report) {
	summary := report.Summary
	judged := summary.Objects - summary.Skip
	var verdicts []string
	for _, verdict := range []struct {
		n      int
		text   string
		colour string
	}{{summary.Deny, "would be refused", red}, {summary.Warn, "warned about", yellow}, {summary.Allow, "fine", green}} {
		if verdict.n > 0 {
			verdicts = append(verdicts, w.paint(fmt.Sprintf("%d %s", verdict.n, verdict.text), verdict.colour))
		}
	}
	line := flink.Count(judged, "object")
	if len(verdicts) > 0 {
		line += ": " + strings.Join(verdicts, ", ")
	}
	switch {
	case summary.Objects == 0:
		line = "there are no objects to judge"
	case judged == 0:
		line = "there is nothing for the guard to judge among " + flink.Count(summary.Objects, "object")
	case summary.Skip > 0:
		line += "; " + others(summary.Skip)
	}
	w.write(line)
	w.remarks(report)
}

// others are the objects that are not judged.
func others(n int) string {
	if n == 1 {
		return "1 other is not the guard's to judge"
	}
	return fmt.Sprintf("%d others are not the guard's to judge", n)
}

// remarks say what the summary does not count, and where to read on.
func (w *textWriter) remarks(report *check.Report) {
	if n := len(report.Problems); n > 0 {
		w.write(flink.Count(n, "problem") + ": what could not be read was not judged")
	}
	if w.options.Quiet {
		return
	}
	hidden := besides(report)
	if len(hidden) > 0 {
		line := "besides: " + strings.Join(hidden, ", ")
		if !w.options.Verbose {
			line += "; -v shows them"
		}
		w.write(line)
	}
	if len(w.explained) > 0 {
		w.write(w.paint(cmp.Or(w.options.Program, program)+" rules ID explains a rule", faint))
	}
}

// besides counts what is said with -v alone.
func besides(report *check.Report) []string {
	audited, exempt := 0, 0
	for i := range report.Objects {
		for j := range report.Objects[i].Findings {
			switch report.Objects[i].Findings[j].Action {
			case policy.ActionAudit:
				audited++
			case policy.ActionExempt:
				exempt++
			case policy.ActionDeny, policy.ActionWarn, policy.ActionNone:
			}
		}
	}
	left, unread := 0, 0
	for i := range report.Left {
		if isLive(report.Left[i].Place) {
			unread++
		} else {
			left++
		}
	}
	var hidden []string
	for _, unsaid := range []struct {
		n          int
		noun, rest string
	}{{audited, "finding", " for the audit log only"}, {exempt, "exempt finding", ""}, {left, "file", " left"}, {unread, "resource", " of the cluster that may not be read"}} {
		if unsaid.n > 0 {
			hidden = append(hidden, flink.Count(unsaid.n, unsaid.noun)+unsaid.rest)
		}
	}
	return hidden
}

// program is what people call the program where nothing else is said.
const program = "flink-ha-webhook"
