package manifest

import (
	"errors"
	"reflect"

	"gopkg.in/yaml.v3"
	kjson "k8s.io/apimachinery/pkg/util/json"
)

// Edit is one change of what an object says.
type Edit struct {
	// Object is the place of the object among those of its document.
	Object int
	// Path of a field or an item as positions have it, such as spec.template.spec.containers[0].args[2], or Pointer, the same as JSON
	// Patch has it (RFC 6901), where Path is "".
	Path, Pointer string
	// Names of fields below that, which may hold what a path cannot.
	Names []string
	// items are indices below those.
	items []int
	// Action is what happens there.
	Action Action
	// Value, as encoding/json takes it, for all actions but Remove.
	Value any
}

// Action is what an edit does.
type Action int

// The actions.
const (
	// Set gives a field or an item a value, whether there is one or not. Missing fields on the way are made.
	Set Action = iota
	// Add is what JSON Patch calls so: Set for a field, but an item is put before the one that the path names, or at the end.
	Add
	// Remove takes a field with its line, or an item, away. What is not there is removed already.
	Remove
	// Test changes nothing, and is refused unless the value is there.
	Test
	// Rename gives a field, which keeps its value, the name that Value is. There must be no field of that name yet.
	Rename
)

// RefusedError says why an edit of a document is not made. It holds nothing of the document's values.
type RefusedError struct {
	Place
	Reason string
}

func (e *RefusedError) Error() string { return e.Reason }

// Reasons that are found in several places.
var (
	errNoSuchItem = errors.New("there is no such item in the list")
	errNoMap      = errors.New("what stands on the way is not a map")
	errNotEqual   = errors.New("something else stands there")
)

// With is the document with some edits made, and itself otherwise unchanged. It is the same document if they change nothing.
//
// The edits are made one by one, each in the first of several ways after which the document, read once more, says what was meant
// and nothing else. The error is a RefusedError if there is none for one of them; nothing is done then.
func (d *Document) With(edits ...Edit) (*Document, error) {
	edited := d
	for i := range edits {
		next, err := edited.with(&edits[i])
		if err != nil {
			return nil, err
		}
		edited = next
	}
	return edited, nil
}

func (d *Document) with(edit *Edit) (*Document, error) {
	object, meant, steps, err := d.meant(edit)
	if err != nil {
		return nil, err
	}
	before, err := d.content()
	if err != nil {
		return nil, &RefusedError{Place: object.Place(), Reason: "the document cannot be read: " + err.Error()}
	}
	if reflect.DeepEqual(before, meant) {
		return d, nil
	}
	if edited, ok := d.itemByItem(edit, steps, before); ok {
		return edited, nil
	}
	drawn, err := d.draw()
	if err != nil {
		return nil, &RefusedError{Place: object.Place(), Reason: err.Error()}
	}
	value, _ := asContent(edit.Value) // it was one a moment ago
	change := change{layouts: drawn, isJSON: d.isJSON, value: value}
	for _, proposal := range change.propose(steps, edit.Action) {
		if edited, ok := d.proven(proposal, meant); ok {
			return edited, nil
		}
	}
	at := d.follow(d.tree().root, steps).node
	return nil, &RefusedError{Place: d.PlaceOf(d.offsetOf(at)), Reason: change.whyNot()}
}

// meant is what the document has to say after an edit, and the way to what is edited from the document's root.
func (d *Document) meant(edit *Edit) (object *Object, meant any, steps []step, err error) {
	objects := d.Objects()
	if edit.Object < 0 || edit.Object >= len(objects) {
		return nil, nil, nil, &RefusedError{Place: d.PlaceOf(0), Reason: "there is no such object in the document"}
	}
	object = objects[edit.Object]
	refuse := func(err error) error { return &RefusedError{Place: object.Place(), Reason: err.Error()} }
	content, err := d.content()
	if err != nil {
		return nil, nil, nil, refuse(err)
	}
	steps, ok := wayTo(d.tree().root, object.node)
	if !ok {
		return nil, nil, nil, refuse(errors.New("the object stands behind an alias"))
	}
	if edit.Path != "" {
		steps = append(steps, parsePath(edit.Path)...)
	} else if steps, err = appendPointer(steps, content, edit.Pointer); err != nil {
		return nil, nil, nil, refuse(err)
	}
	for _, name := range edit.Names {
		steps = append(steps, step{name: name})
	}
	for _, index := range edit.items {
		steps = append(steps, step{index: index, item: true})
	}
	value, err := asContent(edit.Value)
	if err != nil {
		return nil, nil, nil, refuse(err)
	}
	meant, err = amended(content, steps, edit.Action, value)
	if err != nil {
		return nil, nil, nil, refuse(err)
	}
	return object, meant, steps, nil
}

// At is what stands at a path of the object, nil if there is nothing, as Content has it.
func (o *Object) At(path string) (any, error) {
	fields, err := o.Content()
	content := any(fields)
	for _, s := range parsePath(path) {
		content = belowContent(content, s)
	}
	return content, err
}

// content is all of the document as kubectl sends it.
func (d *Document) content() (any, error) {
	left := budget(d.text)
	c := converter{left: &left, open: map[*yaml.Node]bool{}}
	return c.convert(d.tree().root)
}

// asContent has a value in the types that content has.
func asContent(value any) (any, error) {
	raw, err := kjson.Marshal(value)
	if err != nil {
		return nil, errors.New("the new value is not what JSON can hold")
	}
	var content any
	if err := kjson.Unmarshal(raw, &content); err != nil {
		return nil, errors.New("the new value is not what JSON can hold")
	}
	return content, nil
}

// proven makes an edit and reads the document once more. It returns false unless the document says what is meant.
func (d *Document) proven(proposed proposal, meant any) (*Document, bool) {
	text, ok := proposed.Apply(d.text)
	if !ok {
		return nil, false
	}
	documents, problems := (&File{Name: d.File, Text: text}).documents()
	if len(documents) != 1 || len(problems) > 0 || documents[0].text != text {
		return nil, false
	}
	edited := documents[0]
	if edited.isJSON != d.isJSON || len(edited.Objects()) != len(d.Objects()) {
		return nil, false
	}
	edited.Offset, edited.line, edited.column = d.Offset, d.line, d.column
	content, err := edited.content()
	return edited, err == nil && reflect.DeepEqual(content, meant)
}
