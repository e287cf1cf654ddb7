package report

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// GitHub writes what there is to say as workflow commands, one a line and nothing else, which GitHub shows beside the lines of a pull
// request: an error for what would be refused and what could not be read, a warning for what would be warned about, and a notice for
// what the audit log would have, each mistake once. Quiet leaves nothing but the errors, and the warnings
// where they fail. GitHub shows ten of each kind for a step of a job.
//
// Names of files are written as they were given, without a leading "./": GitHub takes them from the root of the repository, where a
// job starts. What comes from standard input or from a cluster has no file.
//
// The form is that of https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands and its escaping that of
// packages/core/src/command.ts in https://github.com/actions/toolkit. The error is that of writing.
func GitHub(out io.Writer, report *check.Report, options Options) error {
	var commands []string
	report = inFiles(report)
	for _, problem := range report.Problems {
		place, reason := placeOfProblem(problem)
		commands = append(commands, workflowCommand("error", place, "Flink high availability: this was not judged", reason))
	}
	for i := range report.Objects {
		commands = append(commands, commandsOf(&report.Objects[i], options)...)
	}
	for _, command := range commands {
		if _, err := io.WriteString(out, command+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func commandsOf(object *check.Object, options Options) []string {
	title := object.Title()
	var commands []string
	if object.Refusal != "" {
		commands = append(commands, workflowCommand("error", object.Place, title, object.Refusal))
	}
	if options.saysWarnings() {
		for _, note := range object.Notes {
			commands = append(commands, workflowCommand("warning", object.Place, title, note))
		}
	}
	for i := range object.Findings {
		finding := &object.Findings[i]
		severity := severityOf(finding.Action)
		if severity == "" || finding.Repeated || severity == "warning" && !options.saysWarnings() || severity == "notice" && options.Quiet {
			continue
		}
		message := messageOf(finding) + "\nsee " + validation.DocsURL(finding.Rule)
		commands = append(commands, workflowCommand(severity, finding.Place, title+": "+finding.Rule, message))
	}
	return commands
}

// severityOf is the command for a finding, "" for one that does nothing.
func severityOf(action policy.Action) string {
	switch action {
	case policy.ActionDeny:
		return "error"
	case policy.ActionWarn:
		return "warning"
	case policy.ActionAudit:
		return "notice"
	case policy.ActionExempt, policy.ActionNone:
	}
	return ""
}

func workflowCommand(severity string, place manifest.Place, title, message string) string {
	var properties []string
	if isInRepository(place) {
		properties = append(properties, "file="+escapeProperty(inRepository(place)))
		if place.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d,col=%d", place.Line, place.Column))
		}
	}
	properties = append(properties, "title="+escapeProperty(title))
	return "::" + severity + " " + strings.Join(properties, ",") + "::" + escapeData(message)
}

// isInRepository is false for what comes from standard input, and for what has no file.
func isInRepository(place manifest.Place) bool {
	return place.File != "" && place.File != "-" && !isLive(place)
}

// inRepository is the name that a file has there.
func inRepository(place manifest.Place) string { return path.Clean(filepath.ToSlash(place.File)) }

// escapeData writes a message in one line.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// escapeProperty writes a value that a comma ends, in a list that two colons end.
func escapeProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
