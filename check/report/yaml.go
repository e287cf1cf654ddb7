package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// yamlIndent is how kubectl and kustomize indent.
const yamlIndent = 2

// YAML writes the objects as admission would hand them on as a stream of YAML documents, in the order of the input: those that are
// not the guard's to judge too, so that
//
//	set -o pipefail
//	flink-ha-check check -o yaml - | kubectl apply -f -
//
// applies all that was read. Items of lists become documents of their own. Objects that would be refused are in the stream as they
// are: pipefail has the exit code tell. Comments and anchors of the input are lost; check --fix keeps them.
//
// The report needs to have been made with the option WithObjects. Objects that could not be read are among its problems, and not in
// the stream. The error is that of writing, or of an object that is no JSON.
func YAML(out io.Writer, report *check.Report, _ Options) error {
	buffered := bufio.NewWriter(out)
	first := true
	for i := range report.Objects {
		object := &report.Objects[i]
		if object.Mutated == nil || object.Kind == "" { // a file of Flink's own is no object
			continue
		}
		if !first {
			if _, err := buffered.WriteString("---\n"); err != nil {
				return err
			}
		}
		first = false
		if err := writeYAML(buffered, object.Mutated); err != nil {
			return fmt.Errorf("writing %s: %w", object.Title(), err)
		}
	}
	return buffered.Flush()
}

// writeYAML writes an object, given as JSON, as one document.
func writeYAML(out io.Writer, object []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	var fields any
	if err := decoder.Decode(&fields); err != nil {
		return err
	}
	encoder := yaml.NewEncoder(out)
	encoder.SetIndent(yamlIndent)
	if err := encoder.Encode(nodeOf(fields)); err != nil {
		return err
	}
	return encoder.Close()
}

// nodeOf is a value of JSON as YAML. Styles are chosen here and not by the library, which decides by the types of YAML 1.2: kubectl
// reads YAML 1.1.
func nodeOf(value any) *yaml.Node {
	switch value := value.(type) {
	case map[string]any:
		node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: flowIfEmpty(len(value))}
		for _, key := range slices.SortedFunc(maps.Keys(value), compareFields) {
			node.Content = append(node.Content, scalarOf(key, false), nodeOf(value[key]))
		}
		return node
	case []any:
		node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: flowIfEmpty(len(value))}
		for _, item := range value {
			node.Content = append(node.Content, nodeOf(item))
		}
		return node
	case string:
		return scalarOf(value, true)
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: value.String()}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(value)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}

// flowIfEmpty writes {} and [], for which there is no other way.
func flowIfEmpty(length int) yaml.Style {
	if length == 0 {
		return yaml.FlowStyle
	}
	return 0
}

// compareFields orders the fields of an object: what it is comes first, as people write it.
func compareFields(a, b string) int {
	if byRank := rankOf(a) - rankOf(b); byRank != 0 {
		return byRank
	}
	return strings.Compare(a, b)
}

func rankOf(field string) int {
	names := []string{"apiVersion", "kind", "metadata", "name"}
	if rank := slices.Index(names, field); rank >= 0 {
		return rank
	}
	return len(names)
}

// scalarOf is a text: in a block where it has several lines, and between quotes where it might be read as anything else.
func scalarOf(text string, mayBeBlock bool) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	switch {
	case mayBeBlock && strings.Contains(text, "\n") && isBlock(text):
		node.Style = yaml.LiteralStyle
	case !isPlain(text):
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// plainText begins with what no number, date or null begins with, and has nothing in it that YAML or a JSON in YAML gives a meaning.
// A colon stands between two other characters: "s3://bucket", "image:1.20".
var plainText = regexp.MustCompile(`^[A-Za-z_/](?:[A-Za-z0-9 ._/$+=@-]|:[A-Za-z0-9_/.-])*$`)

// typedWord finds the words that YAML 1.1 takes for something else than text (https://yaml.org/type/bool.html, null.html).
var typedWord = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null)$`)

// isPlain tells whether a text can stand without quotes.
func isPlain(text string) bool {
	return plainText.MatchString(text) && !typedWord.MatchString(text) && !strings.HasSuffix(text, " ")
}

// isBlock tells whether a text of several lines can be written as a block that everybody reads back as it was: lines that end in
// blanks, begin the text with some, or have characters in them that end lines elsewhere, cannot.
func isBlock(text string) bool {
	if strings.TrimLeft(text, " \t\n") != text || strings.Contains(text, " \n") || strings.Contains(text, "\t\n") ||
		strings.HasSuffix(text, " ") || strings.HasSuffix(text, "\t") {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) || r == '\uFEFF' }) < 0
}
