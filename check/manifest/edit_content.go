package manifest

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// amended is content with an edit made: what the document has to say afterwards. The content is not used any more.
func amended(content any, steps []step, action Action, value any) (any, error) {
	if len(steps) == 0 {
		switch {
		case action == Test && !reflect.DeepEqual(content, value):
			return nil, errNotEqual
		case action == Test:
			return content, nil
		case action == Remove:
			return nil, errors.New("an object as a whole is not removed")
		}
		return value, nil
	}
	if steps[0].item {
		return amendedList(content, steps, action, value)
	}
	fields, ok := content.(map[string]any)
	switch {
	case content == nil && action == Remove:
		return content, nil
	case content == nil && action != Test:
		fields = map[string]any{}
	case !ok:
		return nil, errNoMap
	}
	name := steps[0].name
	below, ok := fields[name]
	switch {
	case !ok && action == Remove:
		return content, nil
	case !ok && action == Test:
		return nil, errNotEqual
	case len(steps) == 1 && action == Remove:
		delete(fields, name)
		return fields, nil
	case len(steps) == 1 && action == Rename:
		return renamed(fields, name, value)
	}
	below, err := amended(below, steps[1:], action, value)
	fields[name] = below
	return fields, err
}

func renamed(fields map[string]any, name string, to any) (any, error) {
	other, isText := to.(string)
	value, ok := fields[name]
	if _, taken := fields[other]; !isText || !ok || taken {
		return nil, errors.New("the field is not there, or one of the new name is there already")
	}
	delete(fields, name)
	fields[other] = value
	return fields, nil
}

func amendedList(content any, steps []step, action Action, value any) (any, error) {
	items, ok := content.([]any)
	index := steps[0].index
	switch {
	case content == nil && action == Remove:
		return content, nil
	case !ok && (content != nil || index != 0):
		return nil, errNoSuchItem
	case len(steps) == 1 && index == len(items) && (action == Set || action == Add):
		return append(items, value), nil
	case index < 0 || index >= len(items):
		return nil, errNoSuchItem
	case len(steps) == 1 && action == Add:
		return slices.Insert(items, index, value), nil
	case len(steps) == 1 && action == Remove:
		return slices.Delete(items, index, index+1), nil
	}
	below, err := amended(items[index], steps[1:], action, value)
	items[index] = below
	return items, err
}

// appendPointer reads a JSON pointer (RFC 6901) below a way. Whether a part is a name or an index depends on what is there.
func appendPointer(steps []step, content any, pointer string) ([]step, error) {
	for _, s := range steps {
		content = belowContent(content, s)
	}
	if pointer == "" {
		return steps, nil
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, part := range strings.Split(pointer, "/")[1:] {
		next := step{name: unescape.Replace(part)}
		if items, ok := content.([]any); ok {
			index, err := strconv.Atoi(part)
			if part == "-" {
				index, err = len(items), nil
			}
			if err != nil {
				return nil, errNoSuchItem
			}
			next = step{index: index, item: true}
		}
		steps, content = append(steps, next), belowContent(content, next)
	}
	return steps, nil
}

func belowContent(content any, s step) any {
	switch content := content.(type) {
	case map[string]any:
		return content[s.name]
	case []any:
		if s.item && s.index >= 0 && s.index < len(content) {
			return content[s.index]
		}
	}
	return nil
}

// wayTo finds a node that is no alias: false where it cannot be reached without one.
func wayTo(from, to *yaml.Node) ([]step, bool) {
	from = resolveAlias(from)
	if from == to {
		return nil, true
	}
	if from.Kind == yaml.SequenceNode {
		for i, item := range from.Content {
			if rest, ok := wayBelow(item, to); ok {
				return append([]step{{index: i, item: true}}, rest...), true
			}
		}
	}
	if from.Kind != yaml.MappingNode {
		return nil, false
	}
	for _, e := range entries(from) {
		if e.name != "items" {
			continue // objects are in objects only as the items of a list
		}
		if rest, ok := wayBelow(e.value, to); ok {
			return append([]step{{name: e.name}}, rest...), true
		}
	}
	return nil, false
}

func wayBelow(node, to *yaml.Node) ([]step, bool) {
	if node.Kind == yaml.AliasNode {
		return nil, false
	}
	return wayTo(node, to)
}
