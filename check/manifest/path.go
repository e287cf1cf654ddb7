package manifest

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// step is one part of a path through an object: the name of a field or the index of an item.
type step struct {
	name  string
	index int
	item  bool
}

// parsePath reads paths as package flink writes them, for instance spec.template.spec.containers[0].args[2] or
// data["config.yaml"]. What it cannot read ends the path.
func parsePath(path string) []step {
	var steps []step
	for path != "" {
		switch {
		case strings.HasPrefix(path, `["`):
			name, rest, ok := strings.Cut(path[2:], `"]`)
			if !ok {
				return steps
			}
			steps, path = append(steps, step{name: name}), rest
		case path[0] == '[':
			number, rest, ok := strings.Cut(path[1:], "]")
			index, err := strconv.Atoi(number)
			if !ok || err != nil {
				return steps
			}
			steps, path = append(steps, step{index: index, item: true}), rest
		default:
			path = strings.TrimPrefix(path, ".")
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			if end == 0 {
				return steps
			}
			steps, path = append(steps, step{name: path[:end]}), path[end:]
		}
	}
	return steps
}

// found is where a path leads: the node, the key that it stands under, and whether all of the path could be followed.
type found struct {
	key, node *yaml.Node
	whole     bool
}

// follow goes along a path as far as there is something.
func (d *Document) follow(node *yaml.Node, steps []step) found {
	at := found{node: resolveAlias(node)}
	for _, s := range steps {
		next, key := d.below(at.node, s)
		if next == nil {
			return at
		}
		at = found{node: resolveAlias(next), key: key}
	}
	at.whole = true
	return at
}

func (d *Document) below(node *yaml.Node, s step) (next, key *yaml.Node) {
	switch {
	case s.item && node.Kind == yaml.SequenceNode && s.index >= 0 && s.index < len(node.Content):
		return node.Content[s.index], nil
	case !s.item && node.Kind == yaml.MappingNode:
		e := d.fields(node)[s.name]
		return e.value, e.key
	}
	return nil, nil
}

// fields of a map by their names. They are kept: a map with many settings is asked for each of them.
func (d *Document) fields(node *yaml.Node) map[string]entry {
	tree := d.tree()
	if known, ok := tree.known[node]; ok {
		return known
	}
	all := entries(node)
	fields := make(map[string]entry, len(all))
	for _, e := range all {
		fields[e.name] = e
	}
	if tree.known == nil {
		tree.known = map[*yaml.Node]map[string]entry{}
	}
	tree.known[node] = fields
	return fields
}
