package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// ProblemError is input that could not be read, and where. The rest of the input was read all the same.
type ProblemError struct {
	Place
	Reason string
	// Template is true where the document is no YAML, or none for Kubernetes, because it has yet to be rendered.
	Template bool
}

func (e *ProblemError) Error() string { return e.Place.String() + ": " + e.Reason }

// String returns file:line:column, or the file alone.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// yamlLine finds the line that gopkg.in/yaml.v3 names in its errors.
var yamlLine = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?`)

// malformed says why a document is not YAML. yaml.v3 names a line near the mistake and no column; the parser that follows
// Flink's knows both wherever it refuses the document too.
func malformed(text string, err error) (reason string, line, column int) {
	_, exact := yaml12.Parse(text)
	if refused, ok := errors.AsType[*yaml12.RefusedError](exact); ok {
		return "this is not YAML: " + refused.Reason, refused.Line, refused.Column
	}
	match := yamlLine.FindStringSubmatch(err.Error())
	if match == nil {
		return "this is not YAML", 1, 1
	}
	line, column = 1, 1
	if number, numberErr := strconv.Atoi(match[1]); numberErr == nil {
		line = number
	}
	return "this is not YAML: " + unknownAnchor.ReplaceAllString(err.Error()[len(match[0]):], "there is no such anchor"), line, column
}

// unknownAnchor is the one error of yaml.v3's parser that repeats a part of the document.
var unknownAnchor = regexp.MustCompile(`(?s)^unknown anchor .*$`)
