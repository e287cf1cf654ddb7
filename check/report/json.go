package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Identity of the form that a report has as JSON. schema.json describes it.
const (
	apiVersion = "flink-ha.dev/v1alpha1"
	kindReport = "CheckReport"
)

type jsonReport struct {
	APIVersion string        `json:"apiVersion"`
	Kind       string        `json:"kind"`
	Summary    check.Summary `json:"summary"`
	Objects    []jsonObject  `json:"objects"`
	Problems   []jsonProblem `json:"problems,omitempty"`
	Left       []jsonRemark  `json:"left,omitempty"`
}

type jsonObject struct {
	File       string            `json:"file"`
	Line       int               `json:"line"`
	Column     int               `json:"column,omitempty"`
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Namespace  string            `json:"namespace"`
	Name       string            `json:"name"`
	Verdict    admission.Verdict `json:"verdict"`
	Exempt     string            `json:"exempt,omitempty"`
	Refusal    string            `json:"refusal,omitempty"`
	Findings   []jsonFinding     `json:"findings"`
	Edits      []jsonEdit        `json:"edits"`
	Planned    []jsonEdit        `json:"planned,omitempty"`
	Notes      []string          `json:"notes,omitempty"`
	Unknown    []string          `json:"unknown,omitempty"`
}

type jsonFinding struct {
	Rule     string        `json:"rule"`
	Level    policy.Level  `json:"level"`
	Action   policy.Action `json:"action"`
	Message  string        `json:"message"`
	Setting  string        `json:"setting"`
	Option   string        `json:"option,omitempty"`
	Found    *string       `json:"found"`
	Needed   string        `json:"needed"`
	Remedy   string        `json:"remedy"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Column   int           `json:"column"`
	Path     string        `json:"path,omitempty"`
	Missing  bool          `json:"missing,omitempty"`
	Unsure   bool          `json:"unsure,omitempty"`
	Fixable  bool          `json:"fixable,omitempty"`
	Known    bool          `json:"baseline,omitempty"`
	Repeated bool          `json:"repeated,omitempty"`
	Docs     string        `json:"docs"`
}

type jsonEdit struct {
	Op     string          `json:"op"`
	Path   string          `json:"path"`
	Value  json.RawMessage `json:"value,omitempty"`
	Reason string          `json:"reason"`
}

type jsonProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

type jsonRemark struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Reason string `json:"reason"`
}

// JSON writes the report as one document of JSON, of which schema.json has the schema. These fields are always there:
//
//	apiVersion, kind                   flink-ha.dev/v1alpha1, CheckReport
//	summary                            how many objects have which verdict
//	objects[]                          file, line, apiVersion, kind, namespace, name, verdict, findings, edits
//	objects[].findings[]               rule, level, action, message, setting, found, needed, remedy, file, line, column, docs
//	objects[].edits[]                  op, path and reason; value too except for a removal
//
// found is null where nothing is set. Where no single setting is at fault, setting is "". These are there where there is something
// to say:
//
//	problems[]                         what could not be read: file, line, column (0 for the file as a whole), message
//	left[]                             files that are no manifests: file, reason
//	objects[].column                   where the object begins in its line
//	objects[].exempt                   why nothing is held against the object: "user", "namespace" or "system"
//	objects[].refusal, notes[]         a reason to refuse that is no finding, and what else admission would warn about
//	objects[].planned[]                edits that the policy only has reported; edits has those that are made
//	objects[].unknown[]                questions about the object that the input does not answer
//	objects[].findings[].option        the key of the setting in its current spelling
//	objects[].findings[].path          the field of the object that the finding is in
//	objects[].findings[].missing       true: line and column say where the setting belongs
//	objects[].findings[].unsure        true: a mistake in some of the versions of Flink that it may be, and never refused
//	objects[].findings[].fixable       true: check --fix mends it
//	objects[].findings[].baseline      true: exempt because the baseline has it
//
// No value of a key that passwords have is in the findings. Edits are what programs apply, and hold what they write as it is: for a
// cluster in native mode this is the whole text of its configuration file, with all that the user has in it.
//
// The error is that of writing.
func JSON(out io.Writer, report *check.Report, _ Options) error {
	document := jsonReport{APIVersion: apiVersion, Kind: kindReport, Summary: report.Summary, Objects: []jsonObject{}}
	for _, problem := range report.Problems {
		place, reason := placeOfProblem(problem)
		document.Problems = append(document.Problems, jsonProblem{place.File, place.Line, place.Column, reason})
	}
	for _, left := range report.Left {
		document.Left = append(document.Left, jsonRemark{left.File, left.Line, left.Column, left.Text})
	}
	var around bytes.Buffer
	if err := writeJSON(&around, document); err != nil {
		return err
	}
	return writeObjects(out, around.Bytes(), report.Objects)
}

// writeObjects writes a report in which there is an empty list of objects, with the objects in it: one after the other, since there may
// be a great many.
func writeObjects(out io.Writer, around []byte, objects []check.Object) error {
	const opening, indent = `"objects": [`, "    "
	before, behind, _ := bytes.Cut(around, []byte(opening+"]"))
	buffered := bufio.NewWriter(out) // its first error is that of Flush
	fmt.Fprintf(buffered, "%s%s", before, opening)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(indent, "  ")
	for i := range objects {
		text.Reset()
		if err := encoder.Encode(objectAsJSON(&objects[i])); err != nil {
			return err
		}
		separator := ",\n" + indent
		if i == 0 {
			separator = separator[1:]
		}
		fmt.Fprintf(buffered, "%s%s", separator, bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	}
	if len(objects) > 0 {
		fmt.Fprint(buffered, "\n  ")
	}
	fmt.Fprintf(buffered, "]%s", behind)
	return buffered.Flush()
}

// writeJSON writes a value in the form that people can read too.
func writeJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // there is <bucket> in remedies
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func objectAsJSON(object *check.Object) jsonObject {
	written := jsonObject{
		File: object.File, Line: object.Line, Column: object.Column,
		APIVersion: object.APIVersion, Kind: object.Kind, Namespace: object.Namespace, Name: object.Name,
		Verdict: object.Verdict, Exempt: object.Exempt, Refusal: object.Refusal,
		Findings: []jsonFinding{}, Edits: editsAsJSON(object.Edits), Notes: object.Notes, Unknown: object.Unknown,
	}
	if len(object.Planned) > 0 {
		written.Planned = editsAsJSON(object.Planned)
	}
	for i := range object.Findings {
		written.Findings = append(written.Findings, findingAsJSON(&object.Findings[i]))
	}
	return written
}

func findingAsJSON(finding *check.Finding) jsonFinding {
	found := shownValue(finding)
	return jsonFinding{
		Rule: finding.Rule, Level: finding.Level, Action: finding.Action, Message: messageOf(finding),
		Setting: finding.Setting, Option: finding.Option, Found: found,
		Needed: unlessHidden(found, finding.Needed), Remedy: unlessHidden(found, finding.Remedy),
		File: finding.File, Line: finding.Place.Line, Column: finding.Column,
		Path: finding.Position.Path, Missing: finding.Missing, Unsure: finding.Unsure, Fixable: len(finding.Fix) > 0,
		Known: finding.Baseline, Repeated: finding.Repeated, Docs: validation.DocsURL(finding.Rule),
	}
}

// editsAsJSON are all operations in their order, each with the reason for the edit that it is of.
func editsAsJSON(edits []mutation.Edit) []jsonEdit {
	written := []jsonEdit{}
	for _, edit := range edits {
		for _, operation := range edit.Operations {
			written = append(written, jsonEdit{operation.Op, operation.Path, operation.Value, edit.Reason})
		}
	}
	return written
}

// placeOfProblem takes the place out of a problem, so that it is not said twice.
func placeOfProblem(problem error) (place manifest.Place, reason string) {
	if known, ok := errors.AsType[*manifest.ProblemError](problem); ok {
		return known.Place, known.Reason
	}
	return manifest.Place{}, problem.Error()
}
