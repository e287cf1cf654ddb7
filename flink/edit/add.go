package edit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// maxPlaces bounds the maps that a key is tried in; each costs a reading of the file.
const maxPlaces = 4

// place is a map that a key, or the rest of it, can be written in.
type place struct {
	mapping *yaml12.Node
	entries []yaml12.Entry
	rest    string
	inFlow  bool
}

// add proposes where to write a key that is not set: in an entry that lacks its map, in the deepest map that the key belongs
// to, flat in the document.
func (s setter) add(found *spellings) []proposal {
	var proposals []proposal
	for _, way := range slices.Backward(found.nulls) {
		if len(proposals) < maxPlaces {
			proposals = append(proposals, s.fillParent(way)...)
		}
	}
	for _, way := range found.maps {
		if entry := way.last().entry(); len(entry.Value.Entries) == 0 && entry.ValueNode.Kind == yaml12.Mapping {
			// An empty map sets nothing, so that a value can take its place.
			proposals = append(proposals, s.replace(way)...)
		}
	}
	places := s.placesWithin(found)
	for _, within := range places[:min(len(places), maxPlaces)] {
		proposals = append(proposals, s.addTo(within, -1)...)
	}
	return append(proposals, s.addToDocument(found.key)...)
}

// placesWithin are the nested maps that a key belongs to, the deepest first, of equals the last. A map that an alias stands
// for is none.
func (s setter) placesWithin(found *spellings) []place {
	var places []place
	for _, way := range slices.Backward(found.parents) {
		last := way.last()
		entry := last.entry()
		if _, ok := way.alias(); ok || entry.ValueNode.Kind != yaml12.Mapping {
			continue
		}
		places = append(places, place{
			mapping: entry.ValueNode, entries: entry.Value.Entries, rest: strings.TrimPrefix(last.rest[len(entry.Key.Text):], "."),
			inFlow: way.inFlow() || entry.ValueNode.Style == yaml12.Flow,
		})
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(len(a.rest), len(b.rest)) })
	return places
}

// shadow proposes to write the key once more behind a spelling that cannot be changed, since the later one counts: flat, in one
// of the maps around it.
func (s setter) shadow(way path) []proposal {
	var proposals []proposal
	for i := len(way) - 2; i >= 0 && len(proposals) < maxPlaces; i-- {
		step := way[i]
		if _, ok := way[:i+1].alias(); ok {
			continue
		}
		around := place{mapping: step.mapping, entries: step.siblings, rest: step.rest, inFlow: way[:i+1].inFlow()}
		proposals = append(proposals, s.addTo(around, step.index)...)
	}
	return proposals
}

// entryText writes the whole entry, its key like those beside it.
func (s setter) entryText(key string, inFlow bool, keyStyle yaml12.Style) (string, bool) {
	writtenKey, ok := writeKey(key, keyStyle, inFlow)
	if !ok {
		return "", false
	}
	writtenValue, ok := writeValue(s.value, s.usualStyle(), inFlow)
	return writtenKey + ": " + writtenValue, ok
}

// addTo proposes places for an entry in a map: behind one that is named by its index or else its closest relative, and where
// nothing can stand there, before it.
func (s setter) addTo(within place, behind int) []proposal {
	if len(within.entries) == 0 {
		return s.addToEmpty(within)
	}
	at := behind
	if at < 0 {
		at = within.relative()
	}
	beside := within.entries[at]
	entry, ok := s.entryText(within.rest, within.inFlow, beside.KeyNode.Style)
	if !ok {
		return nil
	}
	if within.mapping.Style == yaml12.Flow {
		return []proposal{s.behindInFlow(beside, entry)}
	}
	line := strings.Repeat(" ", within.mapping.Start.Column) + entry
	proposals := []proposal{{textedit.LinesAfter(s.text, s.endOf(beside), line)}}
	if last := within.entries[len(within.entries)-1]; last.KeyNode != beside.KeyNode {
		proposals = append(proposals, proposal{textedit.LinesAfter(s.text, s.endOf(last), line)})
	}
	if behind < 0 {
		proposals = append(proposals, proposal{textedit.LinesBefore(s.text, beside.KeyNode.Properties.Offset, line)})
	}
	return proposals
}

// relative is the last entry of those that share the most with the key, or the last entry of all.
func (p place) relative() int {
	most, relative := 1, len(p.entries)-1
	for i, entry := range p.entries {
		if shared := flink.SharedSegments(entry.Key.Text, p.rest); shared >= most {
			most, relative = shared, i
		}
	}
	return relative
}

// behindInFlow writes an entry behind another between braces, on a line of its own if the other one has that.
func (s setter) behindInFlow(beside yaml12.Entry, entry string) proposal {
	end := max(beside.ValueNode.End, beside.KeyNode.End)
	separator := ", "
	if s.onOwnLine(beside.KeyNode) {
		key := beside.KeyNode.Properties.Offset
		start := textedit.LineStart(s.text, key)
		separator = "," + finalOr(s.text[:start], textedit.UsualLineBreak(s.text)) + s.text[start:key]
	}
	return proposal{{Start: end, End: end, With: separator + entry}}
}

// finalOr is the line break that a text ends with, or another one.
func finalOr(text, other string) string {
	if lineBreak := textedit.FinalLineBreak(text); lineBreak != "" {
		return lineBreak
	}
	return other
}

// addToEmpty writes the first entry of a map that is "{}".
func (s setter) addToEmpty(within place) []proposal {
	entry, ok := s.entryText(within.rest, true, yaml12.Plain)
	if !ok || within.mapping.Style != yaml12.Flow {
		return nil
	}
	start, end := within.mapping.Start.Offset+1, within.mapping.End-1
	if start > end || !textedit.IsBlank(s.text[start:end]) {
		end = start
	}
	return []proposal{{{Start: start, End: end, With: entry}}}
}

// fillParent gives an entry without a value a map that holds the key: a nested one behind a bare "key:", else one in braces.
func (s setter) fillParent(way path) []proposal {
	last := way.last()
	parent := last.entry()
	rest := strings.TrimPrefix(last.rest[len(parent.Key.Text):], ".")
	node := parent.ValueNode
	var proposals []proposal
	if entry, ok := s.entryText(rest, false, yaml12.Plain); ok && !way.inFlow() && node.Start.Offset == node.End {
		indentation := strings.Repeat(" ", last.mapping.Start.Column+s.step())
		proposals = append(proposals, proposal{textedit.LinesAfter(s.text, parent.KeyNode.End, indentation+entry)})
	}
	if entry, ok := s.entryText(rest, true, yaml12.Plain); ok {
		if node.Start.Offset == node.End && node.Properties == node.Start {
			return append(proposals, s.fill(parent, "{"+entry+"}"))
		}
		proposals = append(proposals, proposal{{Start: node.Properties.Offset, End: node.End, With: "{" + entry + "}"}})
	}
	return proposals
}

// addToDocument proposes to write the key flat in the outermost map, or as the only one of a file that has none.
func (s setter) addToDocument(key string) []proposal {
	root := s.root
	if s.document != nil && len(s.document.Entries) > 0 {
		return s.addTo(place{mapping: root, entries: s.document.Entries, rest: key, inFlow: root.Style == yaml12.Flow}, -1)
	}
	line, ok := s.entryText(key, false, yaml12.Plain)
	if !ok {
		return nil
	}
	if root == nil || root.Start.Offset == root.End {
		return s.addFirst(line)
	}
	// The document is "{}" or a null.
	proposals := []proposal{{{Start: root.Properties.Offset, End: root.End, With: line}}}
	if entry, ok := s.entryText(key, true, yaml12.Plain); ok {
		proposals = append(proposals, proposal{{Start: root.Properties.Offset, End: root.End, With: "{" + entry + "}"}})
	}
	return proposals
}

// addFirst writes the only entry of a document: at the end of the text, or before the mark "..." that ends the document.
func (s setter) addFirst(line string) []proposal {
	proposals := []proposal{{lineAtEnd(s.text, line)}}
	for start := 0; start < len(s.text); start = textedit.NextLine(s.text, start) {
		if strings.HasPrefix(s.text[start:], "...") {
			return append(proposals, proposal{textedit.LinesBefore(s.text, start, line)})
		}
	}
	return proposals
}
