package parity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	sigsyaml "sigs.k8s.io/yaml"
)

// writer writes objects as people and tools do.
type writer struct{ *rand.Rand }

// write writes the objects of a scene into files of a folder, in their order.
func (s *scene) write(folder string) error {
	w := writer{rand.New(rand.NewPCG(s.style, s.style))}
	for number, at := 0, 0; at < len(s.objects); number++ {
		end := min(len(s.objects), at+1+w.IntN(3))
		name, text := w.file(s.objects[at:end])
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%03d-%s", number, name)), []byte(text), 0o600); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// file writes objects into one file.
func (w writer) file(objects []map[string]any) (name, text string) {
	asList := map[string]any{"apiVersion": "v1", "kind": "List", "items": anyOf(objects)}
	switch w.IntN(8) {
	case 0:
		return "objects.json", w.json(asList)
	case 1:
		for _, object := range objects {
			text += w.json(object) + "\n"
		}
		return "objects.json", text
	case 2:
		return "list.yml", w.yaml(asList)
	}
	var b strings.Builder
	if w.IntN(12) == 0 {
		b.WriteString("\ufeff")
	}
	for i, object := range objects {
		if i > 0 || w.IntN(3) == 0 {
			b.WriteString("---\n")
		}
		if w.IntN(6) == 0 {
			b.WriteString("# Nothing but a comment.\n---\n")
		}
		b.WriteString(w.yaml(object))
	}
	text = b.String()
	if w.IntN(10) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return "objects.yaml", text
}

func anyOf(objects []map[string]any) []any {
	items := make([]any, len(objects))
	for i := range objects {
		items[i] = objects[i]
	}
	return items
}

func (w writer) json(content map[string]any) string {
	var raw []byte
	var err error
	if w.IntN(2) == 0 {
		raw, err = json.Marshal(content)
	} else {
		raw, err = json.MarshalIndent(content, "", "  ")
	}
	if err != nil {
		panic(err) // it came from JSON
	}
	return string(raw)
}

// yaml writes one document in a random style; what does not read the same as what was to be written is written as JSON.
func (w writer) yaml(content map[string]any) string {
	var node yaml.Node
	if err := node.Encode(content); err != nil { // there are texts that the library writes and cannot read
		return w.json(content) + "\n"
	}
	w.dress(&node)
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2 + 2*w.IntN(2))
	if err := encoder.Encode(&node); err != nil {
		return w.json(content) + "\n"
	}
	read, err := sigsyaml.YAMLToJSON(b.Bytes())
	var again map[string]any
	if err != nil || utiljson.Unmarshal(read, &again) != nil || !reflect.DeepEqual(again, content) {
		return w.json(content) + "\n"
	}
	return b.String()
}

// dress gives a node and what is in it styles and comments.
func (w writer) dress(node *yaml.Node) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag == "!!str":
		if strings.Contains(node.Value, "\n") && w.IntN(2) == 0 {
			node.Style = yaml.LiteralStyle
		} else {
			node.Style = []yaml.Style{0, node.Style, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.FoldedStyle, yaml.LiteralStyle}[w.IntN(6)]
		}
	case node.Kind != yaml.ScalarNode && w.IntN(12) == 0:
		node.Style = yaml.FlowStyle
		return
	}
	if w.IntN(30) == 0 {
		node.HeadComment = "# a comment"
	}
	for i, below := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		w.dress(below)
	}
}
