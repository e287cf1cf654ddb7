package manifest

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"
	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// rewrite proposes how to make another text of a scalar: only what differs, in the style that the scalar has; all of it in that style;
// in whatever style can hold it.
func (c *change) rewrite(at *slot, text string) []proposal {
	old := at.value
	style := old.node.Style &^ (yaml.TaggedStyle | yaml.FlowStyle)
	mapped, exact := mapScalar(c.text, old.begin, old.node)
	var proposals []proposal
	switch {
	case style == yaml.LiteralStyle && exact:
		proposals = append(proposals, c.editLines(old, text)...)
	case exact:
		proposals = append(proposals, c.editPieces(at, mapped, text)...)
	}
	switch {
	case old.isBlockScalar():
		proposals = append(proposals, c.literal(at, text)...)
	case style == yaml.DoubleQuotedStyle:
		proposals = append(proposals, proposal{{Start: old.begin, End: old.end, With: quoted(text)}})
	case style == yaml.SingleQuotedStyle && !strings.Contains(text, "\n"):
		proposals = append(proposals, proposal{{Start: old.begin, End: old.end, With: scalarText(text, style, at.inFlow())}})
	}
	return proposals
}

// blockScalar is where the parts of a literal block scalar are.
type blockScalar struct {
	// indicators ends at the first of what follows | and its indicators, and body where the first line begins.
	indicators, body int
	indentation      string
	lineBreak        string
	// end is behind the last line that counts.
	end int
}

func (c *change) blockScalar(at *slot) blockScalar {
	old := at.value
	headerEnd := textedit.LineEnd(c.text, old.begin)
	header := c.text[old.begin:headerEnd]
	block := blockScalar{
		indicators: old.begin + len(header) - len(strings.TrimLeft(header, "|>+-0123456789")),
		body:       textedit.NextLine(c.text, old.begin), lineBreak: c.text[headerEnd:textedit.NextLine(c.text, old.begin)],
	}
	if block.lineBreak == "" {
		block.lineBreak = textedit.UsualLineBreak(c.text)
	}
	block.end = max(block.body, min(textedit.NextLine(c.text, c.endOf(old)), len(c.text)))
	width := c.step()
	if at.parent != nil {
		width += at.parent.column
	}
	if indent, ok := blockIndent(c.text[block.body:], old.node.Value); ok {
		width = indent
	}
	block.indentation = strings.Repeat(" ", width)
	return block
}

// editLines changes the lines of a literal scalar that differ. Each line of the value is a line of the document.
func (c *change) editLines(old *layout, text string) []proposal {
	block := c.blockScalar(&slot{value: old})
	if _, ok := blockIndent(c.text[block.body:], old.node.Value); !ok || strings.Trim(text, "\n") == "" {
		return nil
	}
	before := old.node.Value
	if !strings.HasSuffix(before, "\n") && !strings.HasSuffix(text, "\n") {
		before, text = before+"\n", text+"\n"
	}
	starts := c.scalarLines(block, before)
	var splices proposal
	for _, differing := range udiff.Lines(before, text) {
		var lines strings.Builder
		for line := range strings.Lines(differing.New) {
			if content := strings.TrimSuffix(line, "\n"); content != "" {
				lines.WriteString(block.indentation + content)
			}
			lines.WriteString(block.lineBreak)
		}
		from, to := strings.Count(before[:differing.Start], "\n"), strings.Count(before[:differing.End], "\n")
		if from >= len(starts) || to >= len(starts) {
			return nil
		}
		next := splice{Start: starts[from], End: starts[to], With: lines.String()}
		if next.End == len(c.text) && textedit.FinalLineBreak(c.text) == "" {
			// The text ends without a line break, and goes on doing so.
			next.With = strings.TrimSuffix(next.With, block.lineBreak)
			if next.Start == len(c.text) {
				next.With = block.lineBreak + next.With
			}
		}
		splices = append(splices, next)
	}
	return []proposal{splices}
}

// scalarLines are the offsets at which the lines of a literal scalar's value begin in the document, and the one behind the last.
func (c *change) scalarLines(block blockScalar, value string) []int {
	starts, offset := []int{block.body}, block.body
	for at := 0; at < len(value); {
		length := yamlBreak(value, at)
		if length == 0 {
			at++
			continue
		}
		for offset < len(c.text) && yamlBreak(c.text, offset) == 0 {
			offset++
		}
		offset += yamlBreak(c.text, offset)
		if value[at] == '\n' {
			starts = append(starts, offset)
		}
		at += length
	}
	return starts
}

// literal writes all of a block scalar anew. A comment behind its header stays.
func (c *change) literal(at *slot, text string) []proposal {
	if strings.Trim(text, "\n") == "" || at.parent == nil {
		return nil
	}
	block := c.blockScalar(at)
	header := literalHeader(text)
	if first := strings.TrimLeft(text, "\n"); first[0] == ' ' || first[0] == '\t' {
		header = "|" + strconv.Itoa(len(block.indentation)-at.parent.column) + header[1:]
	}
	body := strings.Join(literalLines(text, block.indentation), block.lineBreak) + block.lineBreak
	if block.end == len(c.text) && textedit.FinalLineBreak(c.text) == "" {
		body = strings.TrimSuffix(body, block.lineBreak)
	}
	return []proposal{{{Start: at.value.begin, End: block.indicators, With: header}, {Start: block.body, End: block.end, With: body}}}
}

// editPieces changes the parts of a scalar's text that differ where they stand in the document.
func (c *change) editPieces(at *slot, mapped sourceMap, text string) []proposal {
	old := at.value
	var splices proposal
	for _, differing := range udiff.Lines(old.node.Value, text) {
		start, end, with := narrowed(old.node.Value, differing)
		written, ok := c.pieceText(at, with)
		if !ok {
			return nil
		}
		next := splice{Start: c.sourceOf(old, mapped, start), End: c.sourceBehind(old, mapped, end), With: written}
		if start == end {
			next.Start = next.End
		}
		splices = append(splices, next)
	}
	return []proposal{splices}
}

// sourceOf is where an offset of a scalar's value stands in the document.
func (c *change) sourceOf(old *layout, mapped sourceMap, offset int) int {
	if offset < len(old.node.Value) {
		return mapped.at(offset)
	}
	switch {
	case old.isBlockScalar():
		return c.endOf(old)
	case old.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return old.end - 1
	}
	return old.end
}

// sourceBehind is where what stands before an offset of a scalar's value ends in the document: there may be a line break behind it,
// and blanks, that count for less than they are.
func (c *change) sourceBehind(old *layout, mapped sourceMap, offset int) int {
	if offset == 0 || old.node.Value[offset-1] == '\n' {
		return c.sourceOf(old, mapped, offset)
	}
	if before := mapped.spanAt(offset - 1); !before.rewritten {
		return before.source + offset - before.value
	}
	return c.sourceOf(old, mapped, offset)
}

// spanAt is the part that an offset of the value is in.
func (m sourceMap) spanAt(offset int) span {
	next := sort.Search(len(m.spans), func(i int) bool { return m.spans[i].value > offset })
	return m.spans[max(next-1, 0)]
}

// pieceText writes a part of a text as the style of its scalar has it.
func (c *change) pieceText(at *slot, text string) (string, bool) {
	style := at.value.node.Style &^ (yaml.TaggedStyle | yaml.FlowStyle)
	if style == yaml.DoubleQuotedStyle {
		return escaped(text), true
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && isHidden(r) }) {
		return "", false
	}
	if style == yaml.SingleQuotedStyle {
		text = strings.ReplaceAll(text, "'", "''")
	}
	// A line break in the value is an empty line in the document.
	indentation := strings.Repeat(" ", c.step())
	if at.parent != nil {
		indentation += strings.Repeat(" ", at.parent.column)
	}
	if style == yaml.FoldedStyle {
		indentation = c.blockScalar(at).indentation
	}
	lineBreak := textedit.UsualLineBreak(c.text)
	return strings.ReplaceAll(text, "\n", lineBreak+lineBreak+indentation), true
}

// narrowed leaves out of a difference what is the same at both of its ends.
func narrowed(before string, differing udiff.Edit) (start, end int, with string) {
	start, end, with = differing.Start, differing.End, differing.New
	for start < end && with != "" && before[start] == with[0] {
		start, with = start+1, with[1:]
	}
	for start < end && with != "" && before[end-1] == with[len(with)-1] {
		end, with = end-1, with[:len(with)-1]
	}
	for start > differing.Start && (start < len(before) && !utf8.RuneStart(before[start]) || with != "" && !utf8.RuneStart(with[0])) {
		start, with = start-1, before[start-1:start]+with
	}
	for end < differing.End && !utf8.RuneStart(before[end]) {
		end, with = end+1, with+before[end:end+1]
	}
	return start, end, with
}
