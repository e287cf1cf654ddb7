package manifest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Part is a part of a manifest that is read by itself: a document of YAML, a document of JSON, or an item of a List of JSON. So a file
// is read without having all of it in memory as what it says, which takes many times as much as its text.
type Part struct {
	file *File
	// offset in the file, and the line and the column, from 1, that are there.
	offset, line, column int
	text                 string
	// isJSON is true for text that is known to be JSON.
	isJSON bool
}

// Parts of a manifest in their order, none of what is not meant to be one. The error is a ProblemError.
func (f *File) Parts() ([]Part, error) {
	if f.IsBare() {
		return nil, nil
	}
	return f.parts()
}

func (f *File) parts() ([]Part, error) {
	if !utf8.ValidString(f.Text) {
		return nil, f.notUTF8()
	}
	var parts []Part
	for _, cut := range splitDocuments(f.Text) {
		if found := f.jsonParts(cut); found != nil {
			parts = append(parts, found...)
			continue
		}
		parts = append(parts, Part{file: f, offset: cut.offset, line: cut.line, column: 1, text: cut.text})
	}
	return parts, nil
}

// Size of the part's text, in bytes.
func (p *Part) Size() int { return len(p.text) }

// Read reads the part. The document is nil if there is nothing in it. The error is a ProblemError.
func (p *Part) Read() (*Document, error) {
	document := &Document{File: p.file.Name, Offset: p.offset, text: p.text, line: p.line, column: p.column, isJSON: p.isJSON}
	if p.isJSON {
		document.tree()
		return document, nil
	}
	root, err := parseYAML(p.text)
	if err != nil {
		reason, line, column := malformed(p.text, err)
		problem := p.problem(newLines(p.text).offsetOf(line, column), reason)
		problem.Template = templateTag.MatchString(p.text)
		return nil, problem
	}
	if root == nil {
		return nil, nil
	}
	if problem := p.unrendered(root); problem != nil {
		return nil, problem
	}
	counted := merges{entries: map[*yaml.Node]int{}}
	if err := counted.check(root); err != nil {
		return nil, p.problem(0, "the document cannot be read: "+err.Error())
	}
	document.take(root)
	return document, nil
}

// unrendered is the problem of a document that is YAML by chance, nil for any other.
func (p *Part) unrendered(root *yaml.Node) error {
	if !strings.Contains(p.text, "{{") {
		return nil
	}
	node, ok := isTemplateYAML(root)
	if !ok {
		return nil
	}
	problem := p.problem(newYAMLLines(p.text).offsetOf(node.Line, node.Column), "a map is the key of another here, which no object of Kubernetes has")
	problem.Template = true
	return problem
}

// problem at an offset of the part. Only the part is looked at: a file may have many.
func (p *Part) problem(offset int, reason string) *ProblemError {
	counted := newLines(p.text)
	counted.skipsMark = true
	line, column := counted.placeOf(offset)
	return &ProblemError{Place: Place{p.file.Name, p.line + line - 1, column}, Reason: reason}
}

// jsonParts cuts a chunk as kubectl does if it begins with a brace: it is a stream of JSON then, of which every value is a part. Of a
// List every item is one. It returns nil if it is no such stream.
func (f *File) jsonParts(cut chunk) []Part {
	if !strings.HasPrefix(strings.TrimLeft(cut.text, " \t\r\n"), "{") {
		return nil
	}
	var parts []Part
	at := mark{text: cut.text, line: cut.line, column: 1}
	cutter := jsonCutter{text: cut.text}
	for !cutter.isAtEnd() {
		value, ok := cutter.collection()
		if !ok {
			return nil
		}
		pieces := []textRange{value}
		if items, isList := listItems(cut.text, value); isList {
			pieces = items
		} else if !json.Valid([]byte(cut.text[value.start:value.end])) {
			return nil
		}
		for _, piece := range pieces {
			at.advance(piece.start)
			parts = append(parts, Part{
				file: f, offset: cut.offset + piece.start, line: at.line, column: at.column, text: cut.text[piece.start:piece.end], isJSON: true,
			})
		}
	}
	return parts
}

// mark is an offset of a text with its line and its column, both from 1.
type mark struct {
	text         string
	offset       int
	line, column int
}

// advance goes on to a later offset.
func (m *mark) advance(to int) {
	for m.offset < to {
		if length := lineBreak(m.text, m.offset); length > 0 {
			m.offset += length
			m.line++
			m.column = 1
			continue
		}
		if utf8.RuneStart(m.text[m.offset]) {
			m.column++
		}
		m.offset++
	}
}
