package manifest

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Locator turns positions in an object into places in files. It keeps the field that it looked into last, since settings
// come one after the other.
type Locator struct {
	Object *Object
	// ConfigMap finds the object behind a position in a ConfigMap that a workload mounts. It may be nil.
	ConfigMap func(name string) *Object
	// SkipsMark is set where a byte order mark takes no column, as for the loader of config.yaml.
	SkipsMark bool

	// path of the field that was looked into last.
	path string
	last *Field
}

// Of is the place of a position: in the text of a field the line and column that it has in the file, for a field its value, and
// for a path that leads nowhere what comes nearest.
func (l *Locator) Of(position flink.Position) Place {
	if l.last == nil || position.Path != l.path {
		field, ok := l.Field(position.Path)
		if !ok {
			return Place{}
		}
		l.path, l.last = position.Path, field
	}
	_, isText := l.last.Scalar()
	switch {
	case !l.last.Whole:
		return l.last.Key().Place()
	case position.Line == 0 || !isText:
		return l.last.Value().Place()
	}
	return l.last.Within(l.last.Offset(position.Line, position.Column, l.SkipsMark)).Place()
}
