package policy

import (
	"reflect"
	"strings"
	"time"
)

// kind is what a value in the policy file is.
type kind int

const (
	kindText kind = iota
	kindFlag
	kindNumber
	kindDay
	kindList
	kindMap
	kindObject
)

// shape is the form of a value in the policy file: a Go type and the fields of the table, joined. The decoder and the schema both
// follow it, so that they cannot disagree.
type shape struct {
	field
	kind kind
	// members of an object, in the order of the Go type.
	members []member
	// element of a list or a map.
	element *shape
}

// member is a named part of an object. Its value may lie deeper in the Go type than in the file.
type member struct {
	name  string
	index []int
	shape *shape
}

// document is a policy file.
type document struct {
	APIVersion string `file:"apiVersion"`
	Kind       string `file:"kind"`
	Policy     Policy `file:",spread"`
}

func shapeOfFile(rules []string) *shape {
	return shapeOf(reflect.TypeFor[document](), "", fields(rules))
}

func shapeOf(t reflect.Type, path string, table map[string]field) *shape {
	s := &shape{field: table[path]}
	switch {
	case t == reflect.TypeFor[time.Time]():
		s.kind = kindDay
	case t.Kind() == reflect.Struct:
		s.kind = kindObject
		s.members = membersOf(t, nil, "", path, table)
	case t.Kind() == reflect.Slice:
		s.kind = kindList
		s.element = shapeOf(t.Elem(), path+"[]", table)
	case t.Kind() == reflect.Map:
		s.kind = kindMap
		s.element = shapeOf(t.Elem(), path+".*", table)
	case t.Kind() == reflect.Bool:
		s.kind = kindFlag
	case t.Kind() == reflect.Int:
		s.kind = kindNumber
	}
	return s
}

// membersOf lists the members of an object. Those of a field that is spread are members of the object around it, and their names
// follow the name of that field: the two fields of a Mode are enforce and enforce-version.
func membersOf(t reflect.Type, index []int, prefix, path string, table map[string]field) []member {
	var members []member
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("file"), ",")
		name = prefix + name
		deeper := append(append([]int{}, index...), i)
		if option == "spread" {
			members = append(members, membersOf(t.Field(i).Type, deeper, name, path, table)...)
			continue
		}
		members = append(members, member{name: name, index: deeper, shape: shapeOf(t.Field(i).Type, below(path, name), table)})
	}
	return members
}

// below is the path of a member.
func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// names of the members of an object.
func (s *shape) names() []string {
	names := make([]string, 0, len(s.members))
	for _, member := range s.members {
		names = append(names, member.name)
	}
	return names
}

// required are the names of the members that must be there.
func (s *shape) requiredNames() []string {
	var names []string
	for _, member := range s.members {
		if member.shape.required {
			names = append(names, member.name)
		}
	}
	return names
}

// optional tells whether nothing may be written for the value, as when all its lines are comments. That means the default.
func (s *shape) optional() bool {
	switch s.kind {
	case kindList, kindMap:
		return true
	case kindObject:
		return len(s.requiredNames()) == 0
	case kindText, kindFlag, kindNumber, kindDay:
	}
	return false
}
