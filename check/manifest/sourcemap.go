package manifest

import (
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// sourceMap tells where the bytes of a scalar's value stand in the document that it was written in.
type sourceMap struct{ spans []span }

// span is a part of a value that stands in the document as it is. What is written in another way, such as an escape or a
// folded line break, is rewritten: all of it is where it begins.
type span struct {
	value, source, length int
	rewritten             bool
}

// at is the offset in the document of an offset in the value.
func (m sourceMap) at(offset int) int {
	next := sort.Search(len(m.spans), func(i int) bool { return m.spans[i].value > offset })
	if next == 0 {
		return 0
	}
	last := m.spans[next-1]
	return last.source + min(offset-last.value, last.length)
}

// mapScalar maps the value of a scalar whose content begins at an offset of a document, by reading it once more. It returns
// false where that gives another value than the parser's; where the scalar begins is all that is known then.
func mapScalar(text string, offset int, node *yaml.Node) (sourceMap, bool) {
	if offset >= len(text) {
		return sourceMap{}, node.Value == ""
	}
	t := tracer{text: text, offset: offset}
	switch style := node.Style &^ (yaml.TaggedStyle | yaml.FlowStyle); {
	case style == yaml.LiteralStyle || style == yaml.FoldedStyle:
		t.block(node.Value, style == yaml.FoldedStyle)
	case style == yaml.DoubleQuotedStyle && text[offset] == '"', style == yaml.SingleQuotedStyle && text[offset] == '\'':
		t.offset++
		t.quoted(text[offset])
	case style == bareStyle:
		t.copyTo(len(text))
	case style == 0:
		t.plain(node.Value)
	}
	return sourceMap{t.spans}, t.value.String() == node.Value
}

// tracer puts a value together from the text that it is written as.
type tracer struct {
	text   string
	offset int
	value  strings.Builder
	spans  []span
}

// copyTo takes the text up to an offset as it is.
func (t *tracer) copyTo(end int) {
	if end > t.offset {
		t.write(t.text[t.offset:end], t.offset)
		t.offset = end
	}
}

// write adds to the value what is written at an offset, in whatever way.
func (t *tracer) write(value string, source int) {
	if value == "" {
		return
	}
	if last := len(t.spans) - 1; last >= 0 && !t.spans[last].rewritten && t.spans[last].source+t.spans[last].length == source {
		t.spans[last].length += len(value)
	} else {
		t.spans = append(t.spans, span{value: t.value.Len(), source: source, length: len(value)})
	}
	t.value.WriteString(value)
}

// aBreak is a line break: where it stands and what it is in a value.
type aBreak struct {
	offset int
	value  string
}

// takeBreak steps over a line break if there is one.
func (t *tracer) takeBreak() (aBreak, bool) {
	length := yamlBreak(t.text, t.offset)
	if length == 0 {
		return aBreak{}, false
	}
	taken := aBreak{offset: t.offset, value: "\n"}
	if length == len("\u2028") {
		taken.value = t.text[t.offset : t.offset+length]
	}
	t.offset += length
	return taken, true
}

// takeFold steps over blanks with line breaks among them and adds what they stand for: a space for one, the others for
// themselves.
func (t *tracer) takeFold(first aBreak) {
	var more []aBreak
	for {
		t.skipBlanks()
		next, ok := t.takeBreak()
		if !ok {
			break
		}
		more = append(more, next)
	}
	switch {
	case first.value != "\n":
		t.writeBreak(first)
	case len(more) == 0:
		t.writeBreak(aBreak{first.offset, " "})
	}
	for _, b := range more {
		t.writeBreak(b)
	}
}

// writeBreak adds a line break, or a space in place of one. It gets a span of its own, unless it stands in the text as it is.
func (t *tracer) writeBreak(b aBreak) {
	if strings.HasPrefix(t.text[b.offset:], b.value) {
		t.write(b.value, b.offset)
		return
	}
	t.spans = append(t.spans, span{value: t.value.Len(), source: b.offset, rewritten: true})
	t.value.WriteString(b.value)
}

func (t *tracer) skipBlanks() {
	for t.offset < len(t.text) && (t.text[t.offset] == ' ' || t.text[t.offset] == '\t') {
		t.offset++
	}
}
