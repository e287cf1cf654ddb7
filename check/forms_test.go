package check

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// form is a way to write manifests.
type form struct {
	name string
	// write writes documents in the form; false if they cannot be.
	write func(t *testing.T, documents string) (string, bool)
	// lineBreak is what stands between two lines of a configuration.
	lineBreak string
	// file is the name of a file that is configuration itself.
	file string
}

func forms() []form {
	restyled := func(style yaml.Style, change func(string) string) func(*testing.T, string) (string, bool) {
		return func(t *testing.T, documents string) (string, bool) {
			t.Helper()
			return restyle(t, documents, style, change)
		}
	}
	same := func(text string) string { return text }
	return []form{
		{name: "as it is", write: func(_ *testing.T, text string) (string, bool) { return text, true }, lineBreak: "\n"},
		{name: "CR LF", write: func(_ *testing.T, text string) (string, bool) { return strings.ReplaceAll(text, "\n", "\r\n"), true }, lineBreak: "\r\n"},
		{name: "literal", write: restyled(yaml.LiteralStyle, same), lineBreak: "\n"},
		{name: "stripped", write: restyled(yaml.LiteralStyle, func(text string) string { return strings.TrimRight(text, "\n") }), lineBreak: "\n"},
		{name: "indicator", write: restyled(yaml.LiteralStyle, func(text string) string { return "  # deeper\n" + text }), lineBreak: "\n"},
		{name: "folded", write: restyled(yaml.FoldedStyle, same), lineBreak: "\n\n"},
		{name: "quoted", write: restyled(yaml.DoubleQuotedStyle, same), lineBreak: `\n`},
		{name: "single quotes", write: restyled(yaml.SingleQuotedStyle, same), lineBreak: "\n\n"},
		{name: "JSON", write: asJSONList, lineBreak: `\n`},
		{name: "list", write: asList, lineBreak: "\n"},
		{name: "arguments", write: asArguments, lineBreak: "\n"},
		{name: "nested", write: asNested, lineBreak: "\n"},
		{name: "bare legacy", write: asBare(flink.LegacyFile), lineBreak: "\n", file: flink.LegacyFile},
		{name: "bare standard", write: asBare(flink.StandardFile), lineBreak: "\n", file: flink.StandardFile},
	}
}

func nodesOf(t *testing.T, documents string) []*yaml.Node {
	t.Helper()
	var nodes []*yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(documents))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
			return nodes
		} else if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, node.Content[0])
	}
}

func written(t *testing.T, nodes ...*yaml.Node) string {
	t.Helper()
	var text strings.Builder
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	for _, node := range nodes {
		if err := encoder.Encode(node); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}

// restyle writes every text of several lines in a style.
func restyle(t *testing.T, documents string, style yaml.Style, change func(string) string) (string, bool) {
	t.Helper()
	changed := false
	var visit func(*yaml.Node)
	visit = func(node *yaml.Node) {
		if node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "\n") {
			node.Style, node.Value, changed = style, change(node.Value), true
		}
		for _, below := range node.Content {
			visit(below)
		}
	}
	nodes := nodesOf(t, documents)
	for _, node := range nodes {
		visit(node)
	}
	return written(t, nodes...), changed
}

func contentOf(t *testing.T, node *yaml.Node) any {
	t.Helper()
	var content any
	if err := node.Decode(&content); err != nil {
		t.Fatal(err)
	}
	return content
}

func asJSONList(t *testing.T, documents string) (string, bool) {
	t.Helper()
	list := map[string]any{"apiVersion": "v1", "kind": "List"}
	var items []any
	for _, node := range nodesOf(t, documents) {
		items = append(items, contentOf(t, node))
	}
	list["items"] = items
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), true
}

func asList(t *testing.T, documents string) (string, bool) {
	t.Helper()
	var list strings.Builder
	list.WriteString("apiVersion: v1\nkind: List\nitems:\n")
	for document := range strings.SplitSeq(documents, "---\n") {
		mark := "- "
		for line := range strings.Lines(document) {
			if strings.TrimSpace(line) != "" {
				line = mark + line
			}
			list.WriteString(line)
			mark = "  "
		}
	}
	return list.String(), true
}

// settingsOf are the options of the first document, if that is a ConfigMap.
func settingsOf(t *testing.T, documents string) (text, file string, settings []flink.Setting) {
	t.Helper()
	content, _ := contentOf(t, nodesOf(t, documents)[0]).(map[string]any)
	data, _ := content["data"].(map[string]any)
	for _, loader := range []flink.Loader{flink.LoaderLegacy, flink.LoaderStandard} {
		file = map[flink.Loader]string{flink.LoaderLegacy: flink.LegacyFile, flink.LoaderStandard: flink.StandardFile}[loader]
		if text, ok := data[file].(string); ok {
			return text, file, loader.Load(text, "").Settings
		}
	}
	return "", "", nil
}

// asArguments gives the options of a ConfigMap to a JobManager as dynamic properties.
func asArguments(t *testing.T, documents string) (string, bool) {
	t.Helper()
	_, _, settings := settingsOf(t, documents)
	if len(settings) == 0 {
		return "", false
	}
	text := `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager, namespace: team}
spec:
  template:
    metadata: {labels: {app: flink}}
    spec:
      serviceAccountName: flink
      containers:
      - name: main
        image: flink:1.20.1
        env: [{name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.20.1.jar}]
        args:
        - jobmanager
`
	for i, setting := range settings {
		if i%2 == 0 {
			text += "        - -D\n        - " + setting.Key + "=" + setting.Value + "\n"
		} else {
			text += "        - \"-D\"\n        - '" + setting.Key + "=" + setting.Value + "'\n"
		}
	}
	return text, true
}

// asNested nests the options of a custom resource.
func asNested(t *testing.T, documents string) (string, bool) {
	t.Helper()
	nodes := nodesOf(t, documents)
	content, _ := contentOf(t, nodes[0]).(map[string]any)
	spec, _ := content["spec"].(map[string]any)
	flat, ok := spec["flinkConfiguration"].(map[string]any)
	if !ok {
		return "", false
	}
	nested := map[string]any{}
	for key, value := range flat {
		head, rest, dotted := strings.Cut(key, ".")
		if !dotted {
			return "", false
		}
		if nested[head] == nil {
			nested[head] = map[string]any{}
		}
		nested[head].(map[string]any)[rest] = value
	}
	spec["flinkConfiguration"] = nested
	var node yaml.Node
	if err := node.Encode(content); err != nil {
		t.Fatal(err)
	}
	nodes[0] = &node
	return written(t, nodes...), true
}

// asBare is the configuration alone.
func asBare(name string) func(t *testing.T, documents string) (string, bool) {
	return func(t *testing.T, documents string) (string, bool) {
		t.Helper()
		text, file, settings := settingsOf(t, documents)
		return text, len(settings) > 0 && file == name
	}
}
