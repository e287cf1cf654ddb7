package manifest

import (
	"errors"
	"math"
	"strconv"

	"gopkg.in/yaml.v3"
)

// maxAliased bounds what aliases and merge keys may make of one document, in nodes.
const maxAliased = 1_000_000

// budget is how many nodes may be read in a document: those that stand in it, each several times, and those beyond.
func budget(text string) int { return maxAliased + 4*len(text) }

var (
	errExpands   = errors.New("its aliases make more of it than is read here")
	errRecursive = errors.New("it contains itself")
	errNoNumber  = errors.New("a number in it cannot be written as JSON")
)

// entry is a key of a map with its value.
type entry struct {
	name       string
	key, value *yaml.Node
}

// entries of a map as Kubernetes has them: merge keys are merged, below what stands in the map itself, and of a key that
// stands twice the last counts. What is merged may have merge keys as well, which merges bounds.
func entries(node *yaml.Node) []entry {
	var found []entry
	index := map[string]int{}
	add := func(e entry, overwrite bool) {
		if at, ok := index[e.name]; !ok {
			index[e.name] = len(found)
			found = append(found, e)
		} else if overwrite {
			found[at] = e
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if key := resolveAlias(node.Content[i]); key.Tag != mergeTag {
			add(entry{name: key.Value, key: node.Content[i], value: node.Content[i+1]}, true)
		}
	}
	for _, source := range mergedInto(node) {
		for _, e := range entries(source) {
			add(e, false)
		}
	}
	return found
}

// mergeTag is the tag of the key of maps that are merged into another.
const mergeTag = "!!merge"

// mergedInto are the maps that the merge keys of a map bring into it, those that count first.
func mergedInto(node *yaml.Node) []*yaml.Node {
	var sources []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		if resolveAlias(node.Content[i]).Tag != mergeTag {
			continue
		}
		from := resolveAlias(node.Content[i+1])
		all := []*yaml.Node{from}
		if from.Kind == yaml.SequenceNode {
			all = from.Content
		}
		for _, source := range all {
			if source = resolveAlias(source); source.Kind == yaml.MappingNode {
				sources = append(sources, source)
			}
		}
	}
	return sources
}

func resolveAlias(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode && node.Alias != nil {
		return node.Alias
	}
	return node
}

// merges counts what merge keys bring into the maps of a document, as far as maxAliased.
type merges struct {
	// entries of maps, with what is merged into them, and -1 while they are counted.
	entries map[*yaml.Node]int
	total   int
}

// check counts all below a node. The error says that it is too much, or without end.
func (m *merges) check(node *yaml.Node) error {
	for _, below := range node.Content {
		if err := m.check(below); err != nil {
			return err
		}
	}
	if node.Kind != yaml.MappingNode {
		return nil
	}
	all, err := m.count(node)
	if m.total += all - len(node.Content); err == nil && m.total > maxAliased {
		return errExpands
	}
	return err
}

// count is how many nodes a map has with what is merged into it.
func (m *merges) count(node *yaml.Node) (int, error) {
	all, known := m.entries[node]
	switch {
	case all < 0:
		return 0, errRecursive
	case known:
		return all, nil
	}
	sources := mergedInto(node)
	if len(sources) == 0 {
		return len(node.Content), nil
	}
	m.entries[node] = -1
	all = len(node.Content)
	for _, source := range sources {
		more, err := m.count(source)
		if err != nil {
			return 0, err
		}
		if all += more; all > maxAliased {
			return 0, errExpands
		}
	}
	m.entries[node] = all
	return all, nil
}

// converter makes of nodes what kubectl sends to the API server.
type converter struct {
	// left is how many more nodes may be read in the document.
	left *int
	open map[*yaml.Node]bool
}

func (c *converter) convert(node *yaml.Node) (any, error) {
	node = resolveAlias(node)
	if *c.left--; *c.left < 0 {
		return nil, errExpands
	}
	if node.Kind == yaml.ScalarNode {
		return scalarContent(node)
	}
	if c.open[node] {
		return nil, errRecursive
	}
	c.open[node] = true
	defer delete(c.open, node)
	if node.Kind == yaml.SequenceNode {
		list := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			value, err := c.convert(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	}
	content := map[string]any{}
	for _, e := range entries(node) {
		value, err := c.convert(e.value)
		if err != nil {
			return nil, err
		}
		content[e.name] = value
	}
	return content, nil
}

// scalarContent is the value of a scalar by the rules of YAML 1.1, which kubectl follows.
func scalarContent(node *yaml.Node) (any, error) {
	switch node.Tag {
	case "!!null":
		return nil, nil
	case "!!bool":
		var value bool
		if err := node.Decode(&value); err != nil {
			return node.Value, nil //nolint:nilerr // a text with a tag that does not fit it stays a text
		}
		return value, nil
	case "!!int":
		var value int64
		if node.Decode(&value) == nil {
			return value, nil
		}
		fallthrough
	case "!!float":
		value, err := strconv.ParseFloat(node.Value, 64)
		if err != nil && node.Decode(&value) != nil {
			return node.Value, nil //nolint:nilerr // a text with a tag that does not fit it stays a text
		}
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, errNoNumber
		}
		return value, nil
	case "!!str":
		if value, ok := wordForBool(node.Value); ok && node.Style == 0 {
			return value, nil
		}
	}
	return node.Value, nil
}

// wordForBool knows the words that are booleans in YAML 1.1 and texts in yaml.v3.
func wordForBool(text string) (value, ok bool) {
	switch text {
	case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON":
		return true, true
	case "n", "N", "no", "No", "NO", "off", "Off", "OFF":
		return false, true
	}
	return false, false
}
