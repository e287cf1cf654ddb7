package manifest

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Object is a Kubernetes object in a manifest.
type Object struct {
	APIVersion, Kind, Namespace, Name string

	document *Document
	node     *yaml.Node
}

// objects of a document: one, the items of a list, or none if it is no object.
func (d *Document) objects() []*Object { return d.objectsOf(d.parsed.root, "", "") }

// objectsOf reads a node. Items of a typed list have the type of the list where they do not name their own.
func (d *Document) objectsOf(node *yaml.Node, apiVersion, kind string) []*Object {
	node = resolveAlias(node)
	if node.Kind != yaml.MappingNode {
		return nil
	}
	object := &Object{APIVersion: apiVersion, Kind: kind, document: d, node: node}
	var items *yaml.Node
	for _, e := range entries(node) {
		value := resolveAlias(e.value)
		switch {
		case e.name == "apiVersion" && value.Kind == yaml.ScalarNode:
			object.APIVersion = strings.Clone(value.Value)
		case e.name == "kind" && value.Kind == yaml.ScalarNode:
			object.Kind = strings.Clone(value.Value)
		case e.name == "metadata" && value.Kind == yaml.MappingNode:
			object.Name, object.Namespace = textIn(value, "name"), textIn(value, "namespace")
		case e.name == "items" && value.Kind == yaml.SequenceNode:
			items = value
		}
	}
	single, isList := strings.CutSuffix(object.Kind, "List")
	switch {
	case object.APIVersion == "" || object.Kind == "":
		return nil
	case !isList || items == nil:
		return []*Object{object}
	case single == "":
		apiVersion = ""
	default:
		apiVersion = object.APIVersion
	}
	var all []*Object
	for _, item := range items.Content {
		if item.Kind == yaml.AliasNode {
			continue // nobody writes an object twice, and lists of aliases of lists would never end
		}
		all = append(all, d.objectsOf(item, apiVersion, single)...)
	}
	return all
}

// textIn is the text of a field of a map, apart from the text around it, which nobody keeps for it.
func textIn(node *yaml.Node, name string) string {
	for _, e := range entries(node) {
		if value := resolveAlias(e.value); e.name == name && value.Kind == yaml.ScalarNode {
			return strings.Clone(value.Value)
		}
	}
	return ""
}

// Group of the object's kind, "" for the core.
func (o *Object) Group() string {
	group, _, ok := strings.Cut(o.APIVersion, "/")
	if !ok {
		return ""
	}
	return group
}

// Title is what people call the object: its kind with its namespace, if it says one, and its name.
func (o *Object) Title() string { return Title(o.Kind, o.Namespace, o.Name) }

// Title is what people call an object of a kind; "" for what is not known of it.
func Title(kind, namespace, name string) string {
	if namespace != "" {
		name = namespace + "/" + name
	}
	return strings.TrimSpace(kind + " " + name)
}

// Place is where the object begins.
func (o *Object) Place() Place { return o.document.PlaceOf(o.document.offsetOf(o.node)) }

// Content is the object as kubectl sends it, numbers as int64 or float64. The error is a ProblemError.
func (o *Object) Content() (map[string]any, error) {
	c := converter{left: &o.document.tree().left, open: map[*yaml.Node]bool{}}
	content, err := c.convert(o.node)
	if err != nil {
		return nil, &ProblemError{Place: o.Place(), Reason: o.Title() + " cannot be read: " + err.Error()}
	}
	fields, _ := content.(map[string]any)
	return fields, nil
}

// Decode reads the object into a type of k8s.io/api. The error is a ProblemError, and holds nothing of the object's values.
func (o *Object) Decode(into any) error {
	content, err := o.Content()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(content)
	if err != nil {
		return &ProblemError{Place: o.Place(), Reason: o.Title() + " cannot be read: it is not what JSON can hold"}
	}
	err = json.Unmarshal(raw, into)
	if err == nil {
		return nil
	}
	problem := &ProblemError{Place: o.Place(), Reason: o.Title() + " is not an object of its kind"}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) && mismatch.Field != "" {
		problem.Reason += ": its field " + mismatch.Field + " cannot hold a value of type " + mismatch.Value
		problem.Template = mismatch.Value == "string" && placeholder.MatchString(o.document.text)
	}
	return problem
}

// mentionsFlink finds what every object of interest has in it.
var mentionsFlink = regexp.MustCompile(`(?i)flink|jobmanager|taskmanager|config\.yaml`)

// UnlessForeign forgets what is wrong with an object that has nothing to do with Flink: it is for others to complain of.
func (o *Object) UnlessForeign(err error) error {
	if mentionsFlink.MatchString(o.document.text) {
		return err
	}
	return nil
}
