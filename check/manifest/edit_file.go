package manifest

import "strings"

// TextWith is the text of the file with some documents in place of its own: those that were made of them, in the same order.
func (f *File) TextWith(documents []*Document) string {
	var text strings.Builder
	at := 0
	for i, own := range f.Documents {
		text.WriteString(f.Text[at:own.Offset])
		text.WriteString(documents[i].text)
		at = own.Offset + len(own.text)
	}
	text.WriteString(f.Text[at:])
	return text.String()
}

// IsHeld tells whether a source holds a text in place of its file.
func (s Source) IsHeld() bool { return s.held != nil }

// IsStandardInput tells whether a source is standard input.
func (s Source) IsStandardInput() bool { return s.Name == standardInput }

// OffsetIn is the offset of a line and a column, both from 1, in a text. Columns count characters; a byte order mark takes none if it
// is said to be skipped.
func OffsetIn(text string, line, column int, skipsMark bool) int {
	counted := newLines(text)
	counted.skipsMark = skipsMark
	return counted.offsetOf(line, column)
}
