package manifest

import (
	"path/filepath"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// bareStyle is the style of the one scalar that is all of a file, just as it stands there. YAML has no such style.
const bareStyle yaml.Style = 1 << 20

// Configuration is a document for a file that Flink reads as it is: an object like the ConfigMap that would have the file under a
// data key, except that it says no kind, since there is none, and that positions in the data are those in the file. The error is a
// ProblemError.
func (f *File) Configuration(dataKey string) (*Document, error) {
	if !utf8.ValidString(f.Text) {
		return nil, f.notUTF8()
	}
	d := &Document{File: f.Name, text: f.Text, line: 1, column: 1, dataKey: dataKey}
	d.tree()
	return d, nil
}

// takeConfiguration has the whole text as the value of the data key.
func (d *Document) takeConfiguration() {
	scalar := func(value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value} }
	mapping := func(content ...*yaml.Node) *yaml.Node {
		return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: content}
	}
	name := filepath.Base(d.File)
	if d.File == standardInput {
		name = d.dataKey
	}
	text := scalar(d.text)
	text.Style = bareStyle
	root := mapping(
		scalar("apiVersion"), scalar("v1"), scalar("kind"), scalar("ConfigMap"),
		scalar("metadata"), mapping(scalar("name"), scalar(name)),
		scalar("data"), mapping(scalar(d.dataKey), text),
	)
	d.parsed = &parsed{root: root, left: budget(d.text), objects: []*Object{{Name: name, document: d, node: root}}}
}
