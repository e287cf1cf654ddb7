package manifest

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Document is one document of a manifest.
type Document struct {
	// File is its name, and Offset where the document begins in it, in bytes.
	File   string
	Offset int

	text string
	// apart is true once the text no longer holds on to that of the file.
	apart bool
	// line and column at which the text begins in the file, from 1.
	line, column int
	isJSON       bool
	// dataKey is set for a file that Flink reads as it is, placeless for what is in no file.
	dataKey   string
	placeless bool
	// parsed is nil once the document was released, until it is asked for again.
	parsed *parsed
}

// parsed is what was made of the text of a document: many times its size.
type parsed struct {
	root *yaml.Node
	// left is how many more nodes may be read in it.
	left int
	// known are the fields of maps that were asked for.
	known map[*yaml.Node]map[string]entry
	// lines of the document as editors count them, and yamlLines as yaml.v3 does, made when they are first needed.
	lines, yamlLines *lines
	objects          []*Object
}

// documents reads all documents of a stream. What cannot be read is a problem, and the rest is read.
func (f *File) documents() ([]*Document, []error) {
	parts, err := f.parts()
	if err != nil {
		return nil, []error{err}
	}
	var documents []*Document
	var problems []error
	for i := range parts {
		switch document, err := parts[i].Read(); {
		case err != nil:
			problems = append(problems, err)
		case document != nil:
			documents = append(documents, document)
		}
	}
	return documents, problems
}

// take has a tree as what the document says.
func (d *Document) take(root *yaml.Node) {
	d.parsed = &parsed{root: root, left: budget(d.text)}
	d.parsed.objects = d.objects()
}

// Objects in the document: one, the items of a list, or none.
func (d *Document) Objects() []*Object { return d.tree().objects }

// Text of the document, as it stands in its file.
func (d *Document) Text() string { return d.text }

// Again is the same document, to be read apart from this one: neither is safe for concurrent use. It may be asked for while the document
// is read, once that was released.
func (d *Document) Again() *Document {
	return &Document{
		File: d.File, Offset: d.Offset, text: d.text, apart: d.apart, line: d.line, column: d.column, isJSON: d.isJSON, dataKey: d.dataKey, placeless: d.placeless,
	}
}

// Release forgets all that can be read again from the document's text, and lets go of the file around it.
func (d *Document) Release() {
	if !d.apart {
		d.text, d.apart = strings.Clone(d.text), true
	}
	d.parsed = nil
}

// tree is what the document says, read again if it was released.
func (d *Document) tree() *parsed {
	if d.parsed != nil {
		return d.parsed
	}
	if d.dataKey != "" {
		d.takeConfiguration()
		return d.parsed
	}
	if d.isJSON {
		reader := jsonReader{text: d.text}
		d.take(reader.value())
		return d.parsed
	}
	root, err := parseYAML(d.text)
	if err != nil || root == nil {
		root = &yaml.Node{} // it was read before
	}
	d.take(root)
	return d.parsed
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

func (f *File) notUTF8() *ProblemError {
	return f.problem(len(strings.ToValidUTF8(f.Text[:invalidAt(f.Text)], "")), "this is not UTF-8")
}

func (f *File) problem(offset int, reason string) *ProblemError {
	counted := newLines(f.Text)
	counted.skipsMark = true
	line, column := counted.placeOf(offset)
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

// offsetOf is where the content of a node begins in the document: behind its tag and its anchor.
func (d *Document) offsetOf(node *yaml.Node) int {
	if d.isJSON || d.dataKey != "" {
		return node.Column // made by jsonReader, or 0
	}
	tree := d.tree()
	if tree.yamlLines == nil {
		tree.yamlLines = newYAMLLines(d.text)
	}
	return skipProperties(d.text, tree.yamlLines.offsetOf(node.Line, node.Column))
}

// PlaceOf is the place of an offset of the document in its file.
func (d *Document) PlaceOf(offset int) Place {
	if d.placeless {
		return Place{File: d.File}
	}
	tree := d.tree()
	if tree.lines == nil {
		tree.lines = newLines(d.text)
		tree.lines.skipsMark = true
	}
	line, column := tree.lines.placeOf(offset)
	if line == 1 {
		column += d.column - 1
	}
	return Place{d.File, d.line + line - 1, column}
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
