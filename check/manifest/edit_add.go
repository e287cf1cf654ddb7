package manifest

import (
	"encoding/json"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// add proposes where to write a field that a map does not have.
func (c *change) add(at *slot, in *layout, name string, value any) []proposal {
	if in.flow {
		return c.addInFlow(in, c.relative(in, name), func(indentation, step string) string { return c.flowField(name, value, indentation, step) })
	}
	lines := fieldLines(name, value, strings.Repeat(" ", in.column), c.step())
	var proposals []proposal
	if beside := c.relative(in, name); beside >= 0 && strings.Contains(name, ".") {
		proposals = append(proposals, proposal{textedit.LinesAfter(c.text, c.endOf(in.children[2*beside+1]), lines...)})
	}
	if last := c.lastShort(in); last >= 0 {
		proposals = append(proposals, proposal{textedit.LinesAfter(c.text, c.endOf(in.children[2*last+1]), lines...)})
	} else if at.key != nil {
		proposals = append(proposals, proposal{textedit.LinesAfter(c.text, c.colonEnd(at.key), lines...)})
	}
	last := in.children[len(in.children)-1]
	return append(proposals, proposal{textedit.LinesAfter(c.text, c.endOf(last), lines...)}, proposal{textedit.LinesBefore(c.text, in.begin, lines...)})
}

// lastShort is the last of the fields with one line each that a map begins with, -1 if there is none.
func (c *change) lastShort(in *layout) int {
	last := -1
	for i := 0; i+1 < len(in.children); i += 2 {
		key, value := in.children[i], in.children[i+1]
		if value.isBlock() || value.isBlockScalar() || strings.ContainsAny(c.text[key.start:max(value.end, key.end)], "\r\n") {
			break
		}
		last = i / 2
	}
	return last
}

// relative is the field whose name shares the most with another one, the last of several: the last of all if none shares anything,
// -1 if there are none.
func (c *change) relative(in *layout, name string) int {
	most, relative := 1, len(in.children)/2-1
	for i := 0; i+1 < len(in.children); i += 2 {
		if shared := flink.SharedSegments(in.children[i].node.Value, name); shared >= most {
			most, relative = shared, i/2
		}
	}
	return relative
}

// flowField writes a field between braces. indentation is that of its line if it has one for itself, and step by how much more the
// fields in it are indented.
func (c *change) flowField(name string, value any, indentation, step string) string {
	if !c.isJSON {
		return scalarText(name, 0, true) + ": " + flowText(value)
	}
	separator := ": "
	if !strings.Contains(c.text, `": `) && strings.Contains(c.text, `":`) {
		separator = ":"
	}
	return jsonText(name) + separator + c.jsonValue(value, indentation, step)
}

func (c *change) jsonValue(value any, indentation, step string) string {
	text := jsonText(value)
	if step == "" || !isNested(value) {
		return text
	}
	if indented, err := json.MarshalIndent(json.RawMessage(text), indentation, step); err == nil {
		text = strings.ReplaceAll(string(indented), "\n", textedit.UsualLineBreak(c.text))
	}
	return text
}

// addInFlow writes a field or an item behind one between braces or brackets, on a line of its own if the other has that, or as the
// only one.
func (c *change) addInFlow(in *layout, behind int, write func(indentation, step string) string) []proposal {
	width := 1
	if in.node.Kind == yaml.MappingNode {
		width = 2
	}
	if behind < 0 {
		start, end := in.begin+1, in.end-1
		if strings.Trim(c.text[start:end], " \t\r\n") != "" {
			end = start
		}
		return []proposal{{{Start: start, End: end, With: write("", "")}}}
	}
	first, end := in.children[width*behind], in.children[width*behind+width-1].end
	separator, indentation, step := ", ", "", ""
	switch {
	case c.isFirstOnLine(first.start) && textedit.LineStart(c.text, first.start) > in.begin:
		start := textedit.LineStart(c.text, first.start)
		indentation = c.text[start:first.start]
		around := c.text[textedit.LineStart(c.text, in.begin):in.begin]
		step = strings.TrimPrefix(indentation, around[:len(around)-len(strings.TrimLeft(around, " \t"))])
		separator = "," + textedit.UsualLineBreak(c.text) + indentation
	case c.isJSON && !strings.Contains(c.text, ", "):
		separator = ","
	}
	return []proposal{{{Start: end, End: end, With: separator + write(indentation, step)}}}
}

// insert proposes how to put an item into a list, before the one at an index or at the end.
func (c *change) insert(in *layout, index int) []proposal {
	write := func(indentation, step string) string {
		if c.isJSON {
			return c.jsonValue(c.value, indentation, step)
		}
		return flowText(c.value)
	}
	switch {
	case in.flow && index == len(in.children):
		return c.addInFlow(in, index-1, write)
	case in.flow:
		at := in.children[index].start
		return []proposal{{{Start: at, End: at, With: write("", "") + ", "}}}
	}
	lines := itemLines(c.value, strings.Repeat(" ", in.column), c.step())
	var proposals []proposal
	if index > 0 {
		proposals = append(proposals, proposal{textedit.LinesAfter(c.text, c.endOf(in.children[index-1]), lines...)})
	}
	if index < len(in.children) {
		proposals = append(proposals, proposal{textedit.LinesBefore(c.text, c.dashOf(in, index), lines...)})
	}
	return proposals
}
