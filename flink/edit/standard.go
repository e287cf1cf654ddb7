package edit

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// setStandard changes the value in place if the key is there, in its last spelling. Else, or where the value cannot be changed
// without changing others, it adds the key.
func setStandard(text string, before flink.Configuration, after intent, key, value string) (string, error) {
	file, found, refused := openFor(text, before, key)
	if refused != nil {
		return "", refused
	}
	if before.Err != nil && !found.lacksValue() && len(found.nulls) == 0 {
		return "", broken(before.Err)
	}
	setter := setter{yamlFile: file, value: value}
	var proposals []proposal
	if len(found.values) > 0 {
		last := found.values[len(found.values)-1]
		proposals = append(setter.replace(last), setter.shadow(last)...)
	} else {
		proposals = setter.add(found)
	}
	if edited, ok := after.firstThatHolds(text, proposals); ok {
		return edited, nil
	}
	return "", file.whyNot(found, before, after, proposals)
}

// removeStandard drops every spelling of the key, and the maps that nothing is left in.
func removeStandard(text string, before flink.Configuration, after intent, key string) (string, error) {
	file, found, refused := openFor(text, before, key)
	if refused != nil {
		return "", refused
	}
	if before.Err != nil && !found.lacksValue() {
		return "", broken(before.Err)
	}
	if len(found.values) == 0 {
		return text, nil
	}
	proposals := file.removals(key)
	if edited, ok := after.firstThatHolds(text, proposals); ok {
		return edited, nil
	}
	return "", file.whyNot(found, before, after, proposals)
}

func openFor(text string, before flink.Configuration, key string) (*yamlFile, *spellings, *RefusedError) {
	file, err := openYAML(text)
	if err != nil {
		if before.Err != nil {
			return nil, nil, broken(before.Err)
		}
		return nil, nil, &RefusedError{Reason: "the file cannot be read; edit it by hand"}
	}
	found, ok := file.find(key)
	if !ok {
		return nil, nil, &RefusedError{Reason: "the file writes this key in too many ways; edit it by hand"}
	}
	return file, found, nil
}

// lacksValue tells whether the key is written without a value, which keeps Flink from starting
// (Configuration.setValueInternal) and which an edit of this key mends.
func (s *spellings) lacksValue() bool {
	for _, way := range s.values {
		if way.last().entry().Value.Kind == yaml12.NullValue {
			return true
		}
	}
	return false
}

// whyNot says why no proposal is good enough.
func (f *yamlFile) whyNot(found *spellings, before flink.Configuration, after intent, proposals []proposal) *RefusedError {
	if before.Err != nil {
		if other := f.otherMistake(after, proposals); other != nil {
			return broken(other)
		}
	}
	for _, way := range found.values {
		if step, ok := way.alias(); ok {
			return refuseAt(step.entry().ValueNode, "the key comes from a map that an alias stands for; change that map where its anchor is, or write it out in place of the alias")
		}
	}
	for _, way := range found.values {
		if entry, ok := f.anchored(way); ok {
			return refuseAt(entry.KeyNode, "an anchor stands here, and aliases elsewhere use what it names; write that out in place of the aliases first")
		}
	}
	if len(found.values) == 0 && len(found.maps) > 0 {
		entry := found.maps[0].last().entry()
		return refuseAt(entry.KeyNode, "a map stands under this key, and YAML takes a key only once; write the map's keys flat, with dots, first")
	}
	if len(found.values) > 0 {
		return refuseAt(found.values[len(found.values)-1].last().entry().KeyNode, "this cannot be changed without changing other settings; edit the file by hand")
	}
	return &RefusedError{Reason: "there is no place in the file where the key can be added without changing other settings; edit it by hand"}
}

// otherMistake is why Flink would still refuse a file in which the key has a value at last, and where in the unedited text.
func (f *yamlFile) otherMistake(after intent, proposals []proposal) *flink.LoadError {
	for _, next := range proposals {
		edited, ok := next.Apply(f.text)
		if !ok {
			continue
		}
		if _, other := after.holds(edited); other != nil {
			if other.Line > lineNumber(f.text, next[0].Start) {
				other.Line -= lineNumber(edited, len(edited)) - lineNumber(f.text, len(f.text))
			}
			return other
		}
	}
	return nil
}

func refuseAt(node *yaml12.Node, reason string) *RefusedError {
	return &RefusedError{Reason: reason, Line: node.Start.Line + 1, Column: node.Start.Column + 1}
}

// anchored is the innermost entry on the way to a key that has an anchor, or the key's own if one stands within its value.
func (f *yamlFile) anchored(way path) (yaml12.Entry, bool) {
	for i, step := range slices.Backward(way) {
		entry := step.entry()
		end := max(entry.ValueNode.End, entry.ValueNode.Start.Offset)
		if i < len(way)-1 {
			end = entry.ValueNode.Start.Offset
		}
		if start := entry.KeyNode.Properties.Offset; start < end && strings.Contains(f.text[start:min(end, len(f.text))], "&") {
			return entry, true
		}
	}
	return yaml12.Entry{}, false
}
