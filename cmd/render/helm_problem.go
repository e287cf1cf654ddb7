package render

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// templatePlace finds the first place in an error of Helm's: the path of a template, which begins with the name of the chart, with the
// line and the column if they are known.
var templatePlace = regexp.MustCompile(`([^\s():"]+/[^\s():"]+)(?::(\d+))?(?::(\d+))?`)

// quotesValues finds where errors of Helm's go on with what stands in values.
var quotesValues = regexp.MustCompile(`(?s)(cannot parse template|error during tpl function execution for|parsing|cannot unmarshal|error converting YAML to JSON: yaml: invalid map key:).*`)

// problemOf is what went wrong in a template, with the place in the chart's folder. Of Helm's words the last line says what it is.
func problemOf(err error, chart, folder string) error {
	text := strings.TrimSpace(err.Error())
	place := manifest.Place{File: filepath.Clean(folder)}
	if match := templatePlace.FindStringSubmatch(text); match != nil {
		if inside, ok := strings.CutPrefix(match[1], chart+"/"); ok {
			place.File = filepath.Join(folder, filepath.FromSlash(inside))
			place.Line, place.Column = lineAndColumn(match[2], match[3])
		}
	}
	reason := text[strings.LastIndexByte(text, '\n')+1:]
	if _, message, ok := strings.Cut(reason, "): "); ok {
		reason = message
	}
	if innermost := strings.LastIndex(reason, ">: "); innermost >= 0 {
		reason = reason[innermost+len(">: "):]
	}
	reason = quotesValues.ReplaceAllString(reason, "$1 …")
	return &manifest.ProblemError{Place: place, Reason: "Helm cannot render it: " + clip(reason)}
}

// lineAndColumn understands what text/template has of a place: it counts lines from 1 and columns from 0, and may not know the latter.
func lineAndColumn(line, column string) (fromLine, fromColumn int) {
	fromLine, err := strconv.Atoi(line)
	if err != nil {
		return 0, 0
	}
	fromColumn, err = strconv.Atoi(column)
	if err != nil {
		return fromLine, 1
	}
	return fromLine, fromColumn + 1
}
