package edit

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// setter proposes how to give a key a value.
type setter struct {
	*yamlFile
	value string
}

// replace proposes to write the value in place of the one that is there, in the same style if it can be.
func (s setter) replace(way path) []proposal {
	entry := way.last().entry()
	node := entry.ValueNode
	style := s.usualStyle()
	if node.Kind == yaml12.Scalar && node.Start.Offset < node.End {
		style = node.Style
	}
	written, ok := writeValue(s.value, style, way.inFlow())
	if !ok {
		return nil
	}
	var proposals []proposal
	if node.Kind == yaml12.Sequence && strings.HasPrefix(s.value, "[") && !hasLineBreak(s.value) {
		// A list stays a list if it can.
		proposals = s.replaceContent(entry, s.value)
	}
	return append(proposals, s.replaceContent(entry, written)...)
}

// replaceContent proposes to put a scalar in place of a value: first behind the anchor and tag that it has, then instead of
// them too, since a tag may not fit the new value.
func (s setter) replaceContent(entry yaml12.Entry, written string) []proposal {
	node := entry.ValueNode
	var proposals []proposal
	switch start := node.Start.Offset; {
	case isBlockScalar(node):
		proposals = append(proposals, s.replaceBlockScalar(node, written))
	case node.Kind != yaml12.Alias && node.Kind != yaml12.Scalar && node.Style == yaml12.Block:
		return s.replaceBlockCollection(entry, written)
	case start == node.End:
		proposals = append(proposals, s.fill(entry, written))
	default:
		proposals = append(proposals, proposal{{Start: start, End: node.End, With: written}})
	}
	if node.Properties != node.Start && !strings.Contains(s.text[node.Properties.Offset:node.Start.Offset], "&") {
		proposals = append(proposals, s.withoutProperties(node, proposals[0]))
	}
	return proposals
}

// withoutProperties is a proposal that drops the tag of a value as well.
func (s setter) withoutProperties(node *yaml12.Node, content proposal) proposal {
	without := slices.Clone(content)
	without[0].Start = node.Properties.Offset
	if strings.HasSuffix(s.text[:node.Properties.Offset], " ") {
		without[0].With = strings.TrimPrefix(without[0].With, " ")
	}
	return without
}

// fill writes a value where there is none: behind the colon, or with one where there is not even that.
func (s setter) fill(entry yaml12.Entry, written string) proposal {
	at := entry.ValueNode.Start.Offset
	if !strings.Contains(s.text[min(entry.KeyNode.End, at):at], ":") {
		written = ": " + written
	} else if before := s.text[:at]; !strings.HasSuffix(before, " ") {
		written = " " + written
	}
	return proposal{{Start: at, End: at, With: written}}
}

// replaceBlockScalar keeps a comment that stands behind | or >.
func (s setter) replaceBlockScalar(node *yaml12.Node, written string) proposal {
	start := node.Start.Offset
	headerEnd := textedit.LineEnd(s.text, start)
	indicators := len(s.text[start:headerEnd]) - len(strings.TrimLeft(s.text[start:headerEnd], "|>+-0123456789"))
	body := s.text[headerEnd:max(node.End, headerEnd)]
	return proposal{
		{Start: start, End: start + indicators, With: written},
		{Start: headerEnd, End: headerEnd + len(body), With: textedit.FinalLineBreak(body)},
	}
}

// replaceBlockCollection puts a value behind the colon in place of the lines after it. A comment behind the colon stays.
func (s setter) replaceBlockCollection(entry yaml12.Entry, written string) []proposal {
	colon, ok := s.colonOf(entry)
	if !ok {
		return nil
	}
	end := s.endOf(entry)
	keyLine := textedit.LineEnd(s.text, colon)
	if entry.ValueNode.Properties.Offset < keyLine || keyLine > end {
		return []proposal{{{Start: colon, End: max(colon, end), With: " " + written}}}
	}
	return []proposal{{
		{Start: colon, End: colon, With: " " + written},
		{Start: keyLine, End: end},
	}}
}
