package manifest

import (
	"encoding/json"
	"strings"

	"gopkg.in/yaml.v3"
)

// jsonReader makes nodes of text that is known to be JSON. YAML would do for most of it, but has no pairs of surrogates, which
// many programs write for a character beyond the first 65,536. A node's Line is 0 and its Column the offset of its first byte.
type jsonReader struct {
	text   string
	offset int
}

func (r *jsonReader) value() *yaml.Node {
	r.skip(" \t\r\n,:")
	node := &yaml.Node{Column: r.offset}
	switch r.text[r.offset] {
	case '{':
		r.offset++
		node.Kind, node.Tag, node.Style = yaml.MappingNode, "!!map", yaml.FlowStyle
		for !r.ends('}') {
			node.Content = append(node.Content, r.value(), r.value())
		}
	case '[':
		r.offset++
		node.Kind, node.Tag, node.Style = yaml.SequenceNode, "!!seq", yaml.FlowStyle
		for !r.ends(']') {
			node.Content = append(node.Content, r.value())
		}
	default:
		node.Kind = yaml.ScalarNode
		r.scalar(node)
	}
	return node
}

func (r *jsonReader) skip(characters string) {
	for r.offset < len(r.text) && strings.IndexByte(characters, r.text[r.offset]) >= 0 {
		r.offset++
	}
}

// ends tells whether a collection ends here, and steps over its end.
func (r *jsonReader) ends(end byte) bool {
	r.skip(" \t\r\n,")
	if r.text[r.offset] != end {
		return false
	}
	r.offset++
	return true
}

func (r *jsonReader) scalar(node *yaml.Node) {
	start := r.offset
	if r.text[start] == '"' {
		for r.offset++; r.text[r.offset] != '"'; r.offset++ {
			if r.text[r.offset] == '\\' {
				r.offset++
			}
		}
		r.offset++
		node.Tag, node.Style = "!!str", yaml.DoubleQuotedStyle
		node.Value = r.text[start+1 : r.offset-1]
		if written := r.text[start:r.offset]; strings.IndexByte(written, '\\') >= 0 {
			var value string
			if json.Unmarshal([]byte(written), &value) == nil {
				node.Value = value
			}
		}
		return
	}
	for r.offset < len(r.text) && strings.IndexByte(" \t\r\n,:]}", r.text[r.offset]) < 0 {
		r.offset++
	}
	node.Value = r.text[start:r.offset]
	switch node.Value[0] {
	case 'n':
		node.Tag = "!!null"
	case 't', 'f':
		node.Tag = "!!bool"
	default:
		node.Tag = "!!int"
		if strings.ContainsAny(node.Value, ".eE") {
			node.Tag = "!!float"
		}
	}
}
