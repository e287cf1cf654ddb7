package manifest

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Locator turns positions in an object into places in files. It keeps the map of the scalar that it looked into last, since
// settings come one after the other.
type Locator struct {
	Object *Object
	// ConfigMap finds the object behind a position in a ConfigMap that a workload mounts. It may be nil.
	ConfigMap func(name string) *Object
	// SkipsMark is set where a byte order mark takes no column, as for the loader of config.yaml.
	SkipsMark bool

	path   string
	scalar *yaml.Node
	inside *Object
	mapped sourceMap
	exact  bool
	value  *lines
}

// otherConfigMap begins the paths of positions in a ConfigMap that a workload reads.
const otherConfigMap = "configMap "

// Of is the place of a position: in the text of a field the line and column that it has in the file, for a field its value, and
// for a path that leads nowhere what comes nearest.
func (l *Locator) Of(position flink.Position) Place {
	object, path := l.Object, position.Path
	if rest, ok := strings.CutPrefix(path, otherConfigMap); ok && l.ConfigMap != nil {
		if name, inside, found := strings.Cut(rest, " "); found {
			object, path = l.ConfigMap(name), inside
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
		return object.document.PlaceOf(object.document.offsetOf(node))
	}
	l.path, l.inside, l.scalar = path, object, node
	d := object.document
	l.mapped, l.exact = mapScalar(d.text, d.offsetOf(node), node)
	l.value = newLines(node.Value)
	l.value.skipsMark = l.SkipsMark
	return l.inScalar(position)
}

func (l *Locator) inScalar(position flink.Position) Place {
	d := l.inside.document
	if !l.exact || len(l.mapped.spans) == 0 {
		return d.PlaceOf(d.offsetOf(l.scalar))
	}
	return d.PlaceOf(l.mapped.at(l.value.offsetOf(position.Line, position.Column)))
}
