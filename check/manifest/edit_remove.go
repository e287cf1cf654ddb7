package manifest

import (
	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// remove proposes how to take away what is in a slot. Of a field that has its lines for itself, these go, with the comment behind it;
// comments on lines of their own stay. A map or a list that nothing is left in is written as {} or [].
func (c *change) remove(at *slot) []proposal {
	if at.parent == nil {
		return nil
	}
	width := 1
	if at.parent.node.Kind == yaml.MappingNode {
		width = 2
	}
	count := len(at.parent.children) / width
	switch {
	case at.parent.flow:
		return c.removeFromFlow(at, width, count)
	case count == 1:
		return c.removeOnly(at)
	}
	start := c.dashOrKey(at)
	if c.isFirstOnLine(start) {
		return withoutLines(c.text, textedit.LineStart(c.text, start), textedit.NextLine(c.text, c.endOf(at.value)))
	}
	// What stands behind a dash of the list around leaves its place to the next one.
	if at.index+1 == count {
		return nil
	}
	next := at.parent.children[width*(at.index+1)].start
	if at.key == nil {
		next = c.dashOf(at.parent, at.index+1)
	}
	return []proposal{{{Start: start, End: next}}}
}

// dashOrKey is where what is in a slot begins: with its key, or with the dash of an item of a block list.
func (c *change) dashOrKey(at *slot) int {
	if at.key != nil {
		return at.key.start
	}
	return c.dashOf(at.parent, at.index)
}

// removeOnly takes away the only field or item there is.
func (c *change) removeOnly(at *slot) []proposal {
	if at.around == nil || at.around.parent == nil || at.around.value != at.parent {
		return nil
	}
	empty := any(map[string]any{})
	if at.key == nil {
		empty = []any{}
	}
	proposals := c.replaceLines(at.around, empty)
	start := c.dashOrKey(at)
	if !c.isFirstOnLine(start) || at.around.value.isLeftOut() {
		return proposals
	}
	// Comments on lines of their own stay here too.
	behind := c.behind(at.around)
	for _, gone := range withoutLines(c.text, textedit.LineStart(c.text, start), textedit.NextLine(c.text, c.endOf(at.value))) {
		proposals = append([]proposal{append(gone, splice{Start: behind, End: behind, With: " " + flowText(empty)})}, proposals...)
	}
	return proposals
}

func (c *change) removeFromFlow(at *slot, width, count int) []proposal {
	children := at.parent.children
	first, last := children[width*at.index], children[width*at.index+width-1]
	end := max(last.end, first.end)
	switch {
	case at.index+1 < count:
		return []proposal{{{Start: first.start, End: children[width*(at.index+1)].start}}}
	case at.index > 0:
		before := children[width*at.index-1]
		return []proposal{{{Start: max(before.end, children[width*(at.index-1)].end), End: end}}}
	}
	return []proposal{{{Start: at.parent.begin + 1, End: at.parent.end - 1}}, {{Start: first.start, End: end}}}
}
