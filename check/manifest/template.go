package manifest

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// templateTag finds what begins the instructions of template languages: {{ of Go, Helm and Jinja, {% of Jinja, and <% of ERB.
var templateTag = regexp.MustCompile(`\{\{|\{%|<%`)

// placeholder finds a value that envsubst or the like puts in: YAML for the time being, but no number.
var placeholder = regexp.MustCompile(`(?m):[ \t]+["']?\$\{?[A-Za-z_]`)

// templateLine finds such an instruction outside of the comments of a configuration file.
var templateLine = regexp.MustCompile(`(?m)^[^#\r\n]*(?:\{\{[^\r\n]*\}\}|\{%|<%)`)

// IsTemplate tells whether a file that Flink would read as it is has yet to be rendered, and the line of the first instruction.
func (f *File) IsTemplate() (line int, ok bool) {
	at := templateLine.FindStringIndex(f.Text)
	if at == nil {
		return 0, false
	}
	return 1 + strings.Count(f.Text[:at[0]], "\n"), true
}

// isTemplateYAML tells whether a document that is YAML by chance has an instruction where a value should be: {{ value }} is a map with a
// map for a key, which no object of Kubernetes has. The node is the first of them.
func isTemplateYAML(node *yaml.Node) (*yaml.Node, bool) {
	for i, below := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 && below.Kind == yaml.MappingNode {
			return node, true
		}
		if found, ok := isTemplateYAML(below); ok {
			return found, true
		}
	}
	return nil, false
}
