package edit

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// removals proposes to drop every spelling of a key. Comments that stand on lines of their own stay, if they can.
func (f *yamlFile) removals(key string) []proposal {
	if f.document == nil || f.document.Kind != yaml12.MapValue {
		return nil
	}
	var proposals []proposal
	for _, remover := range []remover{{keepComments: true}, {}, {dropBlankLines: true}} {
		remover.yamlFile = f
		parts, all := remover.prune(f.root, f.document, key)
		if all && f.root.Style == yaml12.Flow {
			parts = []splice{{Start: f.root.Start.Offset + 1, End: f.root.End - 1}}
		}
		proposals = append(proposals, withoutLines(f.text, parts)...)
		if all {
			proposals = append(proposals, f.emptyDocument(parts))
		}
	}
	return proposals
}

// emptyDocument puts "{}" where the entries were, since a mark "..." cannot stand behind nothing.
func (f *yamlFile) emptyDocument(parts []splice) proposal {
	parts = joined(parts)
	parts[0].With = "{}" + textedit.UsualLineBreak(f.text)
	return parts
}

// remover collects the parts of a file that go with a key.
type remover struct {
	*yamlFile
	keepComments bool
	// dropBlankLines also takes the blank lines behind, which a block scalar before them may keep as its own.
	dropBlankLines bool
}

// prune returns what has to go from a map, and whether that is all of it. A map that nothing is left in would be a null, which
// Flink refuses, so its entry goes as well.
func (r remover) prune(mapping *yaml12.Node, value *yaml12.Value, rest string) (parts []splice, all bool) {
	gone := make([]bool, len(value.Entries))
	count := 0
	var inner []splice
	for i, entry := range value.Entries {
		name := entry.Key.Text
		if entry.Key.Kind != yaml12.TextValue && entry.Key.Kind != yaml12.NullValue || !strings.HasPrefix(rest, name) {
			continue
		}
		deeper, isParent := strings.CutPrefix(rest[len(name):], ".")
		switch isMap := entry.Value.Kind == yaml12.MapValue; {
		case rest == name && !isMap:
			gone[i] = true
			count++
		case isParent && isMap:
			within, whole := r.prune(entry.ValueNode.Resolve(), entry.Value, deeper)
			if gone[i] = whole; whole {
				count++
			} else {
				inner = append(inner, within...)
			}
		}
	}
	if mapping.Style == yaml12.Flow {
		return append(inner, r.dropFromFlow(mapping, value.Entries, gone)...), count > 0 && count == len(gone)
	}
	for i, entry := range value.Entries {
		if gone[i] {
			inner = append(inner, r.dropLines(entry)...)
		}
	}
	return inner, count > 0 && count == len(gone)
}

// dropLines drops an entry of a block map. Of a map that goes as a whole, the lines with keys and values go, and the lines
// between them stay where comments are to be kept.
func (r remover) dropLines(entry yaml12.Entry) []splice {
	start := textedit.LineStart(r.text, entry.KeyNode.Properties.Offset)
	end := r.endOf(entry)
	if r.keepComments && entry.ValueNode.Kind == yaml12.Mapping && entry.ValueNode.Style == yaml12.Block {
		parts := []splice{{Start: start, End: textedit.NextLine(r.text, entry.KeyNode.End)}}
		for _, inner := range entry.Value.Entries {
			parts = append(parts, r.dropLines(inner)...)
		}
		return parts
	}
	end += len(textedit.LineBreakAt(r.text, end))
	if r.dropBlankLines {
		end = afterBlankLines(r.text, end)
	}
	return []splice{{Start: start, End: end}}
}

// dropFromFlow drops entries between braces, each with the comma that is no longer needed.
func (r remover) dropFromFlow(mapping *yaml12.Node, entries []yaml12.Entry, gone []bool) []splice {
	var parts []splice
	kept := -1 // the last entry before this one that stays
	for i, entry := range entries {
		start, end := entry.KeyNode.Properties.Offset, max(entry.ValueNode.End, entry.KeyNode.End)
		switch {
		case !gone[i]:
			kept = i
			continue
		case r.isAlone(mapping, entry):
			start, end = textedit.LineStart(r.text, start), textedit.NextLine(r.text, end)
		case i+1 < len(entries):
			end = entries[i+1].KeyNode.Properties.Offset
		case kept >= 0:
			before := entries[kept]
			start = max(before.ValueNode.End, before.KeyNode.End)
			parts = withoutLater(parts, start)
		}
		parts = append(parts, splice{Start: start, End: end})
	}
	return parts
}

// withoutLater leaves out the parts that a longer one from start on takes in.
func withoutLater(parts []splice, start int) []splice {
	for len(parts) > 0 && parts[len(parts)-1].Start >= start {
		parts = parts[:len(parts)-1]
	}
	return parts
}

// isAlone tells whether an entry has its lines for itself, with at most a comma and a comment behind it.
func (r remover) isAlone(mapping *yaml12.Node, entry yaml12.Entry) bool {
	start, end := entry.KeyNode.Properties.Offset, max(entry.ValueNode.End, entry.KeyNode.End)
	line := textedit.LineStart(r.text, start)
	if !textedit.IsBlank(r.text[line:start]) || line <= mapping.Start.Offset {
		return false
	}
	behind, _, _ := strings.Cut(r.text[end:textedit.LineEnd(r.text, end)], "#")
	return textedit.IsBlank(strings.TrimPrefix(strings.TrimLeft(behind, " \t"), ","))
}
