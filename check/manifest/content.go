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
// stands twice the last counts.
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
		if key := resolveAlias(node.Content[i]); key.Tag != "!!merge" {
			add(entry{name: key.Value, key: node.Content[i], value: node.Content[i+1]}, true)
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if resolveAlias(node.Content[i]).Tag == "!!merge" {
			for _, e := range merged(node, node.Content[i+1]) {
				add(e, false)
			}
		}
	}
	return found
}

// merged are the entries that a merge key brings into a map. Merge keys within what is merged are followed no further than
// one step, which is what people write.
func merged(into, from *yaml.Node) []entry {
	from = resolveAlias(from)
	sources := []*yaml.Node{from}
	if from.Kind == yaml.SequenceNode {
		sources = from.Content
	}
	var found []entry
	for _, source := range sources {
		source = resolveAlias(source)
		if source.Kind != yaml.MappingNode || source == into {
			continue
		}
		for i := 0; i+1 < len(source.Content); i += 2 {
			if key := resolveAlias(source.Content[i]); key.Tag != "!!merge" {
				found = append(found, entry{name: key.Value, key: source.Content[i], value: source.Content[i+1]})
			}
		}
	}
	return found
}

func resolveAlias(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode && node.Alias != nil {
		return node.Alias
	}
	return node
}

// mergedNodes counts what merge keys bring into the maps of a document.
func mergedNodes(node *yaml.Node) int {
	count := 0
	for i, below := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && resolveAlias(node.Content[i-1]).Tag == "!!merge" {
			from := resolveAlias(below)
			count += len(from.Content)
			for _, source := range from.Content {
				count += len(resolveAlias(source).Content)
			}
		}
		count += mergedNodes(below)
	}
	return count
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
