package manifest

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// replace proposes how to write a value in place of the one in a slot.
func (c *change) replace(at *slot, value any) []proposal {
	old := at.value
	text, isText := value.(string)
	isScalar := old.node.Kind == yaml.ScalarNode
	switch {
	case at.parent == nil:
		return nil
	case isText && isScalar && old.node.Tag == "!!str" && !old.isLeftOut():
		return append(c.rewrite(at, text), c.replaceContent(at, value)...)
	}
	return c.replaceContent(at, value)
}

func (c *change) replaceContent(at *slot, value any) []proposal {
	old := at.value
	switch {
	case c.isJSON:
		return []proposal{{{Start: old.begin, End: old.end, With: c.jsonValue(value, "", "")}}}
	case at.inFlow():
		return c.inPlace(at, flowText(value))
	case old.isBlock() || old.isBlockScalar():
		return c.replaceLines(at, value)
	case isNested(value):
		return c.nestBelow(at, value)
	}
	style := old.node.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
	written := flowText(value)
	if text, ok := value.(string); ok {
		written = scalarText(text, style, false)
	}
	return c.inPlace(at, written)
}

// inPlace puts a text where a value is, behind the anchor and the tag that it has and then instead of them.
func (c *change) inPlace(at *slot, written string) []proposal {
	old := at.value
	if old.isLeftOut() {
		end := c.behind(at)
		return []proposal{{{Start: end, End: end, With: " " + written}}}
	}
	proposals := []proposal{{{Start: old.begin, End: old.end, With: written}}}
	if old.start != old.begin {
		proposals = append(proposals, proposal{{Start: old.start, End: old.end, With: written}})
	}
	return proposals
}

// nested are the lines of a value below a slot of a block map or list.
func (c *change) nested(at *slot, value any) []string {
	return nestedLines(value, strings.Repeat(" ", at.parent.column+c.step()), c.step())
}

// nestBelow takes a value away that stands on the line of its key, and writes the new one on lines below. A comment stays.
func (c *change) nestBelow(at *slot, value any) []proposal {
	old, behind := at.value, c.behind(at)
	if at.key == nil {
		return c.inPlace(at, flowText(value))
	}
	end := max(old.end, behind)
	if textedit.IsBlank(c.text[end:textedit.LineEnd(c.text, end)]) {
		end = textedit.LineEnd(c.text, end)
	}
	added := textedit.LinesAfter(c.text, end, c.nested(at, value)...)
	return append([]proposal{{{Start: behind, End: end}, added}}, c.inPlace(at, flowText(value))...)
}

// replaceLines puts a value in place of one that has lines of its own.
func (c *change) replaceLines(at *slot, value any) []proposal {
	behind, end := c.behind(at), c.endOf(at.value)
	lines := []string{" " + inlineText(value)}
	switch {
	case isNested(value) && at.key != nil:
		lines = append([]string{""}, c.nested(at, value)...)
	case isNested(value):
		lines[0] = " " + flowText(value)
	default:
		lines = append(lines, blockTail(value, strings.Repeat(" ", at.parent.column), c.step())...)
	}
	return []proposal{{{Start: behind, End: max(behind, end), With: strings.Join(lines, textedit.UsualLineBreak(c.text))}}}
}

// rename proposes how to write another name for a field.
func (c *change) rename(at *slot) []proposal {
	name, _ := c.value.(string)
	if at.key == nil || at.key.node.Kind != yaml.ScalarNode {
		return nil
	}
	written := scalarText(name, at.key.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle), at.inFlow())
	if c.isJSON {
		written = jsonText(name)
	}
	return []proposal{{{Start: at.key.begin, End: at.key.end, With: written}}}
}
