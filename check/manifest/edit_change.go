package manifest

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// change proposes ways to write one edit into a document.
type change struct {
	*layouts
	isJSON bool
	value  any
	// aliased and merged tell whether the way goes through an alias, and whether it ends at what a merge key brings.
	aliased, merged bool
}

// slot is a place for a value: that of a field, of an item, or of the whole document, which has no parent.
type slot struct {
	// around is the slot of the map or list that this one is in.
	around *slot
	parent *layout
	// index of the field or item, and key of the field.
	index int
	key   *layout
	value *layout
}

// inFlow tells whether the slot is between braces or brackets.
func (s *slot) inFlow() bool { return s.parent != nil && s.parent.flow }

// propose returns ways to make the edit, the nicest first.
func (c *change) propose(steps []step, action Action) []proposal {
	at := &slot{value: c.root}
	for i, s := range steps {
		isLast := i == len(steps)-1
		collection := c.resolved(at.value)
		switch {
		case collection.node.Kind == yaml.ScalarNode && action != Remove && action != Rename:
			return c.replace(at, wrapped(steps[i:], c.value))
		case s.item && collection.node.Kind == yaml.SequenceNode:
			if isLast && (action == Add || s.index == len(collection.children)) {
				return c.insert(collection, s.index)
			}
			at = &slot{around: at, parent: collection, index: s.index, value: collection.children[s.index]}
		case !s.item && collection.node.Kind == yaml.MappingNode:
			next := c.field(at, collection, s.name)
			if next == nil && (action == Remove || action == Rename) {
				return nil
			}
			if next == nil {
				return c.add(at, collection, s.name, wrapped(steps[i+1:], c.value))
			}
			at = next
		default:
			return nil
		}
	}
	switch action {
	case Remove:
		return c.remove(at)
	case Rename:
		return c.rename(at)
	case Set, Add, Test:
	}
	return c.replace(at, c.value)
}

// resolved is where a node is written: for an alias, where its anchor is.
func (c *change) resolved(at *layout) *layout {
	if at.node.Kind == yaml.AliasNode && c.of[at.node.Alias] != nil {
		c.aliased = true
		return c.of[at.node.Alias]
	}
	return at
}

// field of a map that is written in the map itself, nil if there is none. Of several with one name the last counts.
func (c *change) field(around *slot, in *layout, name string) *slot {
	var found *slot
	for i := 0; i+1 < len(in.children); i += 2 {
		key := resolveAlias(in.children[i].node)
		switch {
		case key.Tag == "!!merge":
			c.merged = true
		case key.Value == name:
			found = &slot{around: around, parent: in, index: i / 2, key: in.children[i], value: in.children[i+1]}
		}
	}
	return found
}

// wrapped is a value within the fields that are missing around it.
func wrapped(steps []step, value any) any {
	for _, step := range slices.Backward(steps) {
		if step.item {
			value = []any{value}
			continue
		}
		value = map[string]any{step.name: value}
	}
	return value
}

// whyNot says why no proposal is good enough.
func (c *change) whyNot() string {
	switch {
	case c.aliased:
		return "it stands behind an alias, and other places use what its anchor names; write it out in place of the alias first"
	case c.merged:
		return "it comes from a merge key (<<); write it out in the map itself first"
	}
	return "it cannot be written here without changing something else; edit it by hand"
}

// behind is where something may be written behind the colon or the dash of a slot.
func (c *change) behind(s *slot) int {
	if s.key != nil {
		return c.colonEnd(s.key)
	}
	return c.dashOf(s.parent, s.index) + 1
}

// endOf is where the last line of a node ends: before its line break, behind a comment.
func (c *change) endOf(at *layout) int {
	last := at.last()
	if !last.isBlockScalar() {
		return textedit.LineEnd(c.text, last.end)
	}
	end := last.end
	if header := c.text[last.begin:textedit.LineEnd(c.text, last.begin)]; strings.Contains(strings.SplitN(header, "#", 2)[0], "+") {
		for end < len(c.text) && textedit.IsBlank(c.text[end:textedit.LineEnd(c.text, end)]) {
			end = textedit.NextLine(c.text, end)
		}
	}
	return end - len(textedit.FinalLineBreak(c.text[:end]))
}

// isFirstOnLine tells whether nothing but blanks stands before an offset on its line.
func (c *change) isFirstOnLine(offset int) bool {
	return textedit.IsBlank(c.text[textedit.LineStart(c.text, offset):offset])
}

// step is by how much the document indents maps within maps, taken from the first one.
func (c *change) step() int { return stepWithin(c.root, 2) }

func stepWithin(at *layout, usual int) int {
	for i, child := range at.children {
		if at.node.Kind == yaml.MappingNode && i%2 == 1 && child.isBlock() && child.node.Kind == yaml.MappingNode && child.column > at.column {
			return child.column - at.column
		}
	}
	for _, child := range at.children {
		if child.isBlock() {
			return stepWithin(child, usual)
		}
	}
	return usual
}
