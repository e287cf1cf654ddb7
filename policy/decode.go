package policy

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxProblems is how many problems of a file are listed. Nobody reads more, and looking for what was meant costs time.
const maxProblems = 50

// decoder writes the nodes of a file into Go values, along a shape. It goes as deep as the shape and no deeper.
type decoder struct {
	problems []Problem
	more     int
}

func (d *decoder) problem(node *yaml.Node, path, format string, arguments ...any) {
	if d.full() {
		d.more++
		return
	}
	d.problems = append(d.problems, Problem{Line: node.Line, Column: node.Column, Field: path, Reason: fmt.Sprintf(format, arguments...)})
}

// full tells whether a further problem would only be counted.
func (d *decoder) full() bool {
	return len(d.problems) >= maxProblems
}

func (d *decoder) value(node *yaml.Node, s *shape, into reflect.Value, path string) {
	switch {
	case node.Kind == yaml.AliasNode:
		d.problem(node, path, "found an alias, needs the value itself")
	case isNull(node) && s.optional():
	case s.kind == kindObject:
		d.object(node, s, into, path)
	case s.kind == kindList:
		d.list(node, s, into, path)
	case s.kind == kindMap:
		d.entries(node, s, into, path)
	default:
		d.scalar(node, s, into, path)
	}
}

func (d *decoder) object(node *yaml.Node, s *shape, into reflect.Value, path string) {
	if s.short != "" && node.Kind == yaml.ScalarNode && !isNull(node) {
		i := slices.IndexFunc(s.members, func(m member) bool { return m.name == s.short })
		d.scalar(node, s.members[i].shape, into.FieldByIndex(s.members[i].index), path)
		return
	}
	if node.Kind != yaml.MappingNode {
		d.problem(node, path, "found %s, needs %s", found(node), s.wanted())
		return
	}
	given := map[string]bool{}
	d.pairs(node, path, func(key, value *yaml.Node) {
		given[key.Value] = true
		i := slices.IndexFunc(s.members, func(m member) bool { return m.name == key.Value })
		switch {
		case i >= 0:
			d.value(value, s.members[i].shape, into.FieldByIndex(s.members[i].index), below(path, key.Value))
		case d.full():
			d.more++
		default:
			d.problem(key, below(path, shown(key.Value)), "unknown field, needs %s%s", oneOf(s.names()), didYouMean(key.Value, s.names()))
		}
	})
	for _, member := range s.members {
		if member.shape.required && !given[member.name] {
			d.problem(node, below(path, member.name), "missing, needs %s", member.shape.wanted())
		}
	}
}

func (d *decoder) list(node *yaml.Node, s *shape, into reflect.Value, path string) {
	if node.Kind != yaml.SequenceNode {
		d.problem(node, path, "found %s, needs %s", found(node), s.wanted())
		return
	}
	elements := reflect.MakeSlice(into.Type(), len(node.Content), len(node.Content))
	for i, element := range node.Content {
		d.value(element, s.element, elements.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
	into.Set(elements)
}

func (d *decoder) entries(node *yaml.Node, s *shape, into reflect.Value, path string) {
	if node.Kind != yaml.MappingNode {
		d.problem(node, path, "found %s, needs %s", found(node), s.wanted())
		return
	}
	entries := reflect.MakeMap(into.Type())
	d.pairs(node, path, func(key, value *yaml.Node) {
		name := below(path, shown(key.Value))
		switch {
		case d.full():
			d.more++
			return
		case !s.pattern.MatchString(key.Value):
			d.problem(key, name, "found %s, needs %s", found(key), s.needs)
			return
		case s.keys != nil && !slices.Contains(s.keys, key.Value):
			d.problem(key, name, "%s", s.unknownKey(key.Value))
			return
		}
		entry := reflect.New(into.Type().Elem()).Elem()
		d.value(value, s.element, entry, name)
		entries.SetMapIndex(reflect.ValueOf(key.Value), entry)
	})
	into.Set(entries)
}

// unknownKey always names a neighbour, however far it is: there is no list of the right keys in the file.
func (s *shape) unknownKey(key string) string {
	reason := "unknown, needs " + s.needs
	if near := nearest(key, s.keys, math.MaxInt); near != "" {
		return reason + "; the nearest is " + near
	}
	return reason
}

// pairs visits the entries of a mapping that can be read: once each, with a text as key.
func (d *decoder) pairs(node *yaml.Node, path string, visit func(key, value *yaml.Node)) {
	first := make(map[string]int, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			d.problem(key, path, "found %s as a key, needs the name of a field", found(key))
		case key.ShortTag() == "!!merge":
			d.problem(key, path, "found a merge key, needs the fields themselves")
		case first[key.Value] > 0:
			d.problem(key, below(path, shown(key.Value)), "written twice, first in line %d; needs to be written once", first[key.Value])
		default:
			first[key.Value] = key.Line
			visit(key, value)
		}
	}
}

func (d *decoder) scalar(node *yaml.Node, s *shape, into reflect.Value, path string) {
	tag := node.ShortTag()
	if node.Kind != yaml.ScalarNode || !slices.Contains(s.tags(), tag) {
		hint := ""
		if s.kind == kindText && slices.Contains([]string{"!!int", "!!float", "!!bool", "!!timestamp"}, tag) {
			hint = ", in quotes since YAML takes it for something else"
		}
		d.problem(node, path, "found %s, needs %s%s", found(node), s.wanted(), hint)
		return
	}
	if !s.allows(node.Value) {
		d.problem(node, path, "found %s, needs %s%s", found(node), s.wanted(), didYouMean(node.Value, s.enum))
		return
	}
	switch s.kind {
	case kindFlag:
		into.SetBool(strings.EqualFold(node.Value, "true"))
	case kindNumber:
		number, _ := strconv.Atoi(node.Value)
		into.SetInt(int64(number))
	case kindDay:
		until, _ := time.Parse(time.DateOnly, node.Value)
		into.Set(reflect.ValueOf(until))
	case kindText, kindList, kindMap, kindObject:
		into.SetString(node.Value)
	}
}

// tags are those that YAML may give a scalar of this shape. A day needs no quotes, though YAML takes it for a time.
func (s *shape) tags() []string {
	switch s.kind {
	case kindFlag:
		return []string{"!!bool"}
	case kindNumber:
		return []string{"!!int"}
	case kindDay:
		return []string{"!!str", "!!timestamp"}
	case kindText, kindList, kindMap, kindObject:
	}
	return []string{"!!str"}
}

// allows tells whether a scalar of the right kind has the right value.
func (s *shape) allows(value string) bool {
	switch s.kind {
	case kindNumber:
		number, err := strconv.Atoi(value)
		// A leading zero is an octal number to one reader of YAML and a decimal one to the next.
		return err == nil && strconv.Itoa(number) == value && number >= s.minimum && number <= s.maximum
	case kindDay:
		_, err := time.Parse(time.DateOnly, value)
		return err == nil && s.matches(value)
	case kindText:
		return s.matches(value) && (s.enum == nil || slices.Contains(s.enum, value))
	case kindFlag:
		return strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
	case kindList, kindMap, kindObject:
	}
	return true
}

func (f *field) matches(value string) bool {
	return (f.pattern == nil || f.pattern.MatchString(value)) && (f.maxLength == 0 || utf8.RuneCountInString(value) <= f.maxLength)
}

// wanted says in words what a value of this shape is.
func (s *shape) wanted() string {
	switch {
	case s.enum != nil:
		return oneOf(s.enum)
	case s.kind == kindFlag:
		return "true or false"
	case s.kind == kindNumber:
		return fmt.Sprintf("a whole number from %d to %d", s.minimum, s.maximum)
	case s.kind == kindList:
		return "a list"
	case s.kind == kindMap:
		return "a map, with " + s.needs + " as key"
	case s.short != "":
		return "a name, or a map with " + oneOf(s.names())
	case s.kind == kindObject:
		return "a map with " + oneOf(s.names())
	case s.needs != "":
		return s.needs
	}
	return "a text"
}

// found says in words what a node is.
func found(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a map"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Kind == yaml.AliasNode:
		return "an alias"
	case isNull(node):
		return "nothing"
	case node.ShortTag() == "!!str":
		return quote(node.Value)
	case strings.HasPrefix(node.ShortTag(), "!!"):
		return clip(strings.Join(strings.Fields(node.Value), " "), maxQuoted)
	}
	return "a value with a tag of its own"
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null"
}

// plainKey is a key that can stand in a path as it is.
var plainKey = regexp.MustCompile(`^[A-Za-z0-9._/-]{1,60}$`)

// shown is a key in a path: as it is, or in quotes if it could be taken for something else.
func shown(key string) string {
	if plainKey.MatchString(key) {
		return key
	}
	return quote(key)
}
