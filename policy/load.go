package policy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxFile is the size of the largest policy file, in bytes: what a ConfigMap can hold.
const maxFile = 1 << 20

// Load reads a policy file. What it does not say is as in Default; an empty file says nothing. catalogue are the rules that it may
// move. The error is a *LoadError with everything that is wrong: a policy that is half right is no policy.
func Load(text []byte, catalogue []Rule) (Policy, error) {
	ids := make([]string, 0, len(catalogue))
	for _, rule := range catalogue {
		ids = append(ids, rule.ID)
	}
	root, problem := parse(text)
	if problem != nil {
		return Policy{}, &LoadError{Problems: []Problem{*problem}}
	}
	if isEmpty(root) {
		return Default(), nil
	}
	file := document{Policy: Default()}
	d := decoder{}
	d.value(root, shapeOfFile(ids), reflect.ValueOf(&file).Elem(), "")
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
		return Policy{}, &LoadError{Problems: d.problems, More: d.more}
	}
	return file.Policy, nil
}

// isEmpty tells whether a file says nothing: it is empty, all comments, or {}, as templates write it that got no values.
func isEmpty(root *yaml.Node) bool {
	return root == nil || isNull(root) || root.Kind == yaml.MappingNode && len(root.Content) == 0
}

// parse reads the one document of a file; nil if there is none.
func parse(text []byte) (*yaml.Node, *Problem) {
	switch {
	case len(text) > maxFile:
		return nil, &Problem{Reason: fmt.Sprintf("found %d bytes, needs at most %d", len(text), maxFile)}
	case !utf8.Valid(text):
		return nil, &Problem{Reason: "found bytes that are not UTF-8, needs text in UTF-8"}
	}
	documents := yaml.NewDecoder(bytes.NewReader(text))
	first, err := nextDocument(documents)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, syntaxProblem(err)
	}
	second, err := nextDocument(documents)
	switch {
	case errors.Is(err, io.EOF):
		return first, nil
	case err != nil:
		return nil, syntaxProblem(err)
	}
	return nil, &Problem{Line: second.Line, Column: second.Column, Reason: "found a second document, needs one"}
}

// nextDocument reads a document as nodes. A panic of the parser is an error: a server that reads a changed policy must keep the old
// one and not end.
func nextDocument(documents *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("yaml: %v", reason)
		}
	}()
	var node yaml.Node
	if err := documents.Decode(&node); err != nil {
		return nil, err
	}
	if node.Kind == yaml.DocumentNode && len(node.Content) == 1 {
		return node.Content[0], nil
	}
	return &node, nil
}

// yamlMessage is how yaml.v3 writes what it cannot read. Its line may be the one before or the one where a structure began.
var yamlMessage = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(?s:(.*))$`)

func syntaxProblem(err error) *Problem {
	problem := &Problem{Reason: "the file is not YAML: " + err.Error()}
	if match := yamlMessage.FindStringSubmatch(err.Error()); match != nil {
		problem.Line, _ = strconv.Atoi(match[1])
		problem.Reason = "the file is not YAML: " + match[2]
	}
	return problem
}
