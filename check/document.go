package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// document is one document of a manifest.
type document struct {
	file *File
	chunk
	root *yaml.Node
	// left is how many more nodes may be read in it.
	left int
	// known are the fields of maps that were asked for.
	known map[*yaml.Node]map[string]entry
	// lines of the document as yaml.v3 counts them, made when they are first needed.
	lines *lines
}

// documents reads all documents of a stream. What cannot be read is a problem, and the rest is read.
func (f *File) documents() ([]*document, []error) {
	if !utf8.ValidString(f.Text) {
		return nil, []error{f.problem(len(strings.ToValidUTF8(f.Text[:invalidAt(f.Text)], "")), "this is not UTF-8")}
	}
	var documents []*document
	var problems []error
	for _, part := range splitDocuments(f.Text) {
		if found := f.jsonDocuments(part); found != nil {
			documents = append(documents, found...)
			continue
		}
		root, err := parseYAML(part.text)
		if err != nil {
			reason, line, column := malformed(part.text, err)
			problems = append(problems, f.problem(part.offset+newLines(part.text).offsetOf(line, column), reason))
			continue
		}
		if root == nil {
			continue
		}
		if mergedNodes(root) > maxAliased {
			problems = append(problems, f.problem(part.offset, "the document cannot be read: "+errExpands.Error()))
			continue
		}
		documents = append(documents, &document{file: f, chunk: part, root: root, left: budget(part.text)})
	}
	return documents, problems
}

// invalidAt is the offset of the first byte that is not UTF-8.
func invalidAt(text string) int {
	for offset, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[offset:], "\uFFFD") {
			return offset
		}
	}
	return len(text)
}

func (f *File) problem(offset int, reason string) error {
	line, column := f.index().placeOf(offset)
	return &ProblemError{Place: Place{f.Name, line, column}, Reason: reason}
}

// parseYAML returns the root of the one document in a text, nil if it is empty.
func parseYAML(text string) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var root yaml.Node
	if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	// What follows the root is looked at only when the next document is asked for.
	if err := decoder.Decode(new(yaml.Node)); err == nil {
		return nil, errors.New("yaml: there is something behind the document")
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(root.Content) == 0 {
		return nil, nil
	}
	return root.Content[0], nil
}

// jsonDocuments reads a chunk as kubectl does if it begins with a brace: as a stream of JSON. It returns nil if it is none.
func (f *File) jsonDocuments(part chunk) []*document {
	if !strings.HasPrefix(strings.TrimLeft(part.text, " \t\r\n"), "{") {
		return nil
	}
	var documents []*document
	decoder := json.NewDecoder(strings.NewReader(part.text))
	for {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return documents
		}
		if err != nil {
			return nil
		}
		end := int(decoder.InputOffset())
		from := end - len(bytes.TrimRight(raw, " \t\r\n"))
		reader := jsonReader{text: part.text[:end], offset: from}
		documents = append(documents, &document{file: f, chunk: part, root: reader.value(), left: budget(part.text)})
	}
}

// offsetOf is where the content of a node begins in the document: behind its tag and its anchor.
func (d *document) offsetOf(node *yaml.Node) int {
	if node.Line == 0 {
		return node.Column // made by jsonReader
	}
	if d.lines == nil {
		d.lines = newYAMLLines(d.text)
	}
	return skipProperties(d.text, d.lines.offsetOf(node.Line, node.Column))
}

// place of an offset of the document in the file.
func (d *document) place(offset int) Place {
	line, column := d.file.index().placeOf(d.offset + offset)
	return Place{d.file.Name, line, column}
}

// skipProperties steps over tags and anchors, and over the blanks and comments behind them.
func skipProperties(text string, offset int) int {
	for offset < len(text) && (text[offset] == '!' || text[offset] == '&') {
		for offset < len(text) && !isBlankByte(text[offset]) {
			offset++
		}
		for offset < len(text) && (isBlankByte(text[offset]) || text[offset] == '#') {
			if text[offset] == '#' {
				offset += lengthOfLine(text[offset:])
				continue
			}
			offset++
		}
	}
	return offset
}

func isBlankByte(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// lengthOfLine is the length of the first line without its break.
func lengthOfLine(text string) int {
	if end := strings.IndexAny(text, "\r\n"); end >= 0 {
		return end
	}
	return len(text)
}
