package edit

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// maxVisited bounds the entries that are looked at for one key: through aliases, a small file can have very many ways to it.
const maxVisited = 400_000

// maxWays bounds the ways to one key and to the maps around it. A key of four parts can be written in eight.
const maxWays = 500

// usualStep is how deep a nested map is indented where the file has none to go by.
const usualStep = 2

// yamlFile is a config.yaml that is to be edited.
type yamlFile struct {
	text string
	// root is the document as it is written, nil where there is none, and document is its map, nil where Flink reads none.
	root     *yaml12.Node
	document *yaml12.Value
}

// step is one entry on the way from the document to a key.
type step struct {
	// mapping is the node that has the entry, and siblings are all of its entries.
	mapping  *yaml12.Node
	siblings []yaml12.Entry
	index    int
	// rest is what of the key is left to find in this mapping.
	rest string
}

func (s step) entry() yaml12.Entry { return s.siblings[s.index] }

// path is one way in which the file writes a key, or the beginning of one: nested, flat, or a mixture.
type path []step

func (p path) last() step { return p[len(p)-1] }

// alias is the first entry on the way whose map is written elsewhere, under the anchor.
func (p path) alias() (step, bool) {
	for _, step := range p[:len(p)-1] {
		if step.entry().ValueNode.Kind == yaml12.Alias {
			return step, true
		}
	}
	return step{}, false
}

// inFlow tells whether the last entry of the path stands within braces.
func (p path) inFlow() bool {
	for _, step := range p {
		if step.mapping.Style == yaml12.Flow {
			return true
		}
	}
	return false
}

// spellings are the ways to a key in a file.
type spellings struct {
	key string
	// values lead to the key itself, in Flink's order: the last one counts (GlobalConfiguration.flatten).
	values []path
	// maps lead to entries of this very name that hold a map, so that they set other keys.
	maps []path
	// parents lead to maps that the key may be written in, nulls to entries without a value that could become such maps.
	parents, nulls []path
	visited        int
}

// openYAML returns an error where Flink's parser refuses the text.
func openYAML(text string) (*yamlFile, error) {
	value, err := yaml12.Load(text)
	if err != nil {
		return nil, err
	}
	root, err := yaml12.Parse(text)
	if err != nil {
		return nil, err
	}
	return &yamlFile{text: text, root: root, document: value}, nil
}

// find returns false where there are more ways to a key than are edited.
func (f *yamlFile) find(key string) (*spellings, bool) {
	found := &spellings{key: key}
	if f.document != nil && f.document.Kind == yaml12.MapValue {
		found.search(f.root, f.document, key, nil)
	}
	return found, !found.tooMany()
}

// tooMany tells whether a bound is crossed.
func (s *spellings) tooMany() bool {
	return s.visited > maxVisited || len(s.values)+len(s.maps)+len(s.parents)+len(s.nulls) > maxWays
}

func (s *spellings) search(mapping *yaml12.Node, value *yaml12.Value, rest string, way path) {
	for i, entry := range value.Entries {
		if s.visited++; s.tooMany() {
			return
		}
		name := entry.Key.Text
		if entry.Key.Kind != yaml12.TextValue && entry.Key.Kind != yaml12.NullValue || !strings.HasPrefix(rest, name) {
			continue
		}
		here := slices.Concat(way, path{{mapping: mapping, siblings: value.Entries, index: i, rest: rest}})
		deeper, isParent := strings.CutPrefix(rest[len(name):], ".")
		switch isMap := entry.Value.Kind == yaml12.MapValue; {
		case rest == name && isMap:
			s.maps = append(s.maps, here)
		case rest == name:
			s.values = append(s.values, here)
		case isParent && isMap:
			s.parents = append(s.parents, here)
			s.search(entry.ValueNode.Resolve(), entry.Value, deeper, here)
		case isParent && entry.Value.Kind == yaml12.NullValue:
			s.nulls = append(s.nulls, here)
		}
	}
}

// usualStyle is how most texts of the file are written: plain, or in one kind of quotes.
func (f *yamlFile) usualStyle() yaml12.Style {
	counts := map[yaml12.Style]int{}
	if f.document != nil {
		countStyles(f.document, counts)
	}
	usual := yaml12.Plain
	for _, style := range []yaml12.Style{yaml12.SingleQuoted, yaml12.DoubleQuoted} {
		if counts[style] > counts[usual] {
			usual = style
		}
	}
	return usual
}

// countStyles passes over aliases, so that everything is counted once.
func countStyles(value *yaml12.Value, counts map[yaml12.Style]int) {
	for _, entry := range value.Entries {
		switch {
		case entry.ValueNode == nil || entry.ValueNode.Kind == yaml12.Alias:
		case entry.Value.Kind == yaml12.TextValue:
			counts[entry.ValueNode.Style]++
		case entry.Value.Kind == yaml12.MapValue:
			countStyles(entry.Value, counts)
		}
	}
}

// step is by how much the file indents nested maps, taken from the first one.
func (f *yamlFile) step() int {
	if f.root == nil {
		return usualStep
	}
	if step := stepWithin(f.root); step > 0 {
		return step
	}
	return usualStep
}

func stepWithin(mapping *yaml12.Node) int {
	for i := 1; i < len(mapping.Children); i += 2 {
		child := mapping.Children[i]
		if child.Kind != yaml12.Mapping || child.Style != yaml12.Block {
			continue
		}
		if step := child.Start.Column - mapping.Start.Column; step > 0 {
			return step
		}
	}
	return 0
}

// endOf is where the last line of an entry ends: before its line break, behind a comment.
func (f *yamlFile) endOf(entry yaml12.Entry) int {
	last := entry.ValueNode
	for last.Style == yaml12.Block && last.Kind != yaml12.Scalar && len(last.Children) > 0 {
		last = last.Children[len(last.Children)-1]
	}
	end := max(last.End, entry.KeyNode.End)
	if !isBlockScalar(last) {
		return textedit.LineEnd(f.text, end)
	}
	if f.keepsBlankLines(last) {
		end = afterBlankLines(f.text, end)
	}
	return end - len(textedit.FinalLineBreak(f.text[:end]))
}

// isBlockScalar tells whether a node is written with | or >. Such a node ends behind its last line break.
func isBlockScalar(node *yaml12.Node) bool {
	return node.Kind == yaml12.Scalar && (node.Style == yaml12.Literal || node.Style == yaml12.Folded)
}

// keepsBlankLines tells whether the blank lines after a block scalar belong to it, as "+" says.
func (f *yamlFile) keepsBlankLines(scalar *yaml12.Node) bool {
	header, _, _ := strings.Cut(f.text[scalar.Start.Offset:textedit.LineEnd(f.text, scalar.Start.Offset)], "#")
	return strings.Contains(header, "+")
}

// colonOf is the offset after the colon that follows a key on its line.
func (f *yamlFile) colonOf(entry yaml12.Entry) (int, bool) {
	after := f.text[entry.KeyNode.End:]
	blanks := len(after) - len(strings.TrimLeft(after, " \t"))
	if !strings.HasPrefix(after[blanks:], ":") {
		return 0, false
	}
	return entry.KeyNode.End + blanks + 1, true
}

// onOwnLine tells whether nothing but spaces stands before a node on its line.
func (f *yamlFile) onOwnLine(node *yaml12.Node) bool {
	at := node.Properties.Offset
	return textedit.IsBlank(f.text[textedit.LineStart(f.text, at):at])
}
