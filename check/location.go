package check

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// location turns positions in objects into places in files. It keeps the map of the scalar that it looked into last, since
// settings come one after the other.
type location struct {
	object *Object
	// configMap finds the object behind a position in a ConfigMap that a workload mounts.
	configMap func(name string) *Object

	// skipsMark is set where a byte order mark takes no column, as for the loader of config.yaml.
	skipsMark bool

	path   string
	scalar *yaml.Node
	inside *Object
	mapped sourceMap
	exact  bool
	value  *lines
}

// otherConfigMap begins the paths of positions in a ConfigMap that a workload reads.
const otherConfigMap = "configMap "

// of is the place of a position: in the text of a field the line and column that it has in the file, for a field its value, and
// for a path that leads nowhere what comes nearest.
func (l *location) of(position flink.Position) Place {
	object, path := l.object, position.Path
	if rest, ok := strings.CutPrefix(path, otherConfigMap); ok && l.configMap != nil {
		if name, inside, found := strings.Cut(rest, " "); found {
			object, path = l.configMap(name), inside
		}
	}
	if object == nil {
		return Place{}
	}
	if position.Line > 0 && path == l.path && object == l.inside {
		return l.inScalar(position)
	}
	at := object.document.follow(object.node, parsePath(path))
	node := at.node
	if !at.whole && at.key != nil {
		node = at.key
	}
	if position.Line == 0 || !at.whole || node.Kind != yaml.ScalarNode {
		return object.document.place(object.document.offsetOf(node))
	}
	l.path, l.inside, l.scalar = path, object, node
	d := object.document
	l.mapped, l.exact = mapScalar(d.text, d.offsetOf(node), node)
	l.value = newLines(node.Value)
	l.value.skipsMark = l.skipsMark
	return l.inScalar(position)
}

func (l *location) inScalar(position flink.Position) Place {
	d := l.inside.document
	if !l.exact || len(l.mapped.spans) == 0 {
		return d.place(d.offsetOf(l.scalar))
	}
	return d.place(l.mapped.at(l.value.offsetOf(position.Line, position.Column)))
}
