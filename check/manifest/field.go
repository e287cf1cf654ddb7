package manifest

import (
	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Field is where a path through an object leads.
type Field struct {
	// Whole is false where the path leads further than the object: it is the innermost field on the way then.
	Whole bool

	document  *Document
	key, node *yaml.Node
	text      *fieldText
}

// fieldText maps the text of a scalar, for all who ask.
type fieldText struct {
	mapped sourceMap
	exact  bool
	lines  *lines
}

// Field follows a path, of positions as package flink writes them. It is false where the path leads into a ConfigMap that is not at hand.
func (l *Locator) Field(path string) (*Field, bool) {
	object := l.Object
	if name, inside, ok := flink.CutConfigMap(path); ok && l.ConfigMap != nil {
		object, path = l.ConfigMap(name), inside
	}
	if object == nil {
		return nil, false
	}
	at := object.document.follow(object.node, parsePath(path))
	return &Field{Whole: at.whole, document: object.document, key: at.key, node: at.node}, true
}

// Spot is one character of a document.
type Spot struct {
	document *Document
	offset   int
}

// IsZero tells whether there is no such character.
func (s Spot) IsZero() bool { return s.document == nil }

// Place is where the character is in its file.
func (s Spot) Place() Place { return s.document.PlaceOf(s.offset) }

// Text is the text of the document, and the offset of the character in it.
func (s Spot) Text() (text string, offset int) { return s.document.text, s.offset }

// Key is where the name of the field begins; that of an item is the item itself.
func (f *Field) Key() Spot {
	if f.key == nil {
		return f.Value()
	}
	return Spot{f.document, f.document.offsetOf(f.key)}
}

// Value is where the value of the field begins: at its quotes, at the mark of a block of text, or at the first key of a block of fields.
func (f *Field) Value() Spot { return Spot{f.document, f.document.offsetOf(f.node)} }

// Scalar is the value of the field if that is one: a text, a number, a boolean or nothing.
func (f *Field) Scalar() (string, bool) { return f.node.Value, f.node.Kind == yaml.ScalarNode }

// IsMap tells whether the field holds fields.
func (f *Field) IsMap() bool { return f.node.Kind == yaml.MappingNode }

// IsList tells whether the field holds items.
func (f *Field) IsList() bool { return f.node.Kind == yaml.SequenceNode }

// Below is a field of the field, by its name.
func (f *Field) Below(name string) (*Field, bool) {
	next, key := f.document.below(f.node, step{name: name})
	if next == nil {
		return nil, false
	}
	return &Field{Whole: true, document: f.document, key: key, node: resolveAlias(next)}, true
}

// NamedField is a field with its name.
type NamedField struct {
	*Field
	Name string
}

// Fields of a map in the order in which they are written, without those that are merged into it from elsewhere.
func (f *Field) Fields() []NamedField {
	if !f.IsMap() {
		return nil
	}
	var fields []NamedField
	for i := 0; i+1 < len(f.node.Content); i += 2 {
		if key := resolveAlias(f.node.Content[i]); key.Tag != "!!merge" {
			fields = append(fields, NamedField{
				Name: key.Value, Field: &Field{Whole: true, document: f.document, key: f.node.Content[i], node: resolveAlias(f.node.Content[i+1])},
			})
		}
	}
	return fields
}

// Items of a list.
func (f *Field) Items() []*Field {
	if !f.IsList() {
		return nil
	}
	items := make([]*Field, len(f.node.Content))
	for i, item := range f.node.Content {
		items[i] = &Field{Whole: true, document: f.document, node: resolveAlias(item)}
	}
	return items
}

// Inside is where the first field or item is or, where there is none, would be.
func (f *Field) Inside() Spot {
	spot := f.Value()
	if len(f.node.Content) == 0 && (f.IsMap() || f.IsList()) {
		spot.offset++ // behind the bracket
		return spot
	}
	if f.IsMap() || f.IsList() {
		spot.offset = f.document.offsetOf(f.node.Content[0])
	}
	return spot
}

// Behind is where the text of a scalar ends, behind its quotes. It is false for a block of text, and for all that is no scalar.
func (f *Field) Behind() (Spot, bool) {
	if f.node.Kind != yaml.ScalarNode || f.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return Spot{}, false
	}
	mapped := f.mapping()
	if !mapped.exact {
		return Spot{}, false
	}
	quotes := 0
	if f.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		quotes = 1
	}
	spot := f.Value()
	if len(mapped.mapped.spans) == 0 {
		spot.offset += 2 * quotes
		return spot, true
	}
	spot.offset = mapped.mapped.at(len(f.node.Value)) + quotes
	return spot, true
}

// Within is the character of the text of a scalar that a byte of its value stands for; where that is not known, the scalar itself.
func (f *Field) Within(offset int) Spot {
	mapped := f.mapping()
	if !mapped.exact || len(mapped.mapped.spans) == 0 {
		return f.Value()
	}
	return Spot{f.document, mapped.mapped.at(offset)}
}

// Offset of a line and a column, both from 1, in the value of a scalar. A byte order mark takes a column, unless it is skipped.
func (f *Field) Offset(line, column int, skipsMark bool) int {
	mapped := f.mapping()
	mapped.lines.skipsMark = skipsMark
	return mapped.lines.offsetOf(line, column)
}

// mapping is made when it is first needed.
func (f *Field) mapping() *fieldText {
	if f.text == nil {
		f.text = &fieldText{lines: newLines(f.node.Value)}
		f.text.mapped, f.text.exact = mapScalar(f.document.text, f.document.offsetOf(f.node), f.node)
	}
	return f.text
}
