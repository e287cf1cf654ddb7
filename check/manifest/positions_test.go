package manifest

import (
	"errors"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestListsAreTakenApart(t *testing.T) {
	for sentence, text := range map[string]string{
		"a list":         "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: n}}\n",
		"a typed list":   "apiVersion: v1\nkind: ConfigMapList\nitems:\n- {metadata: {name: a, namespace: n}}\n",
		"lists in lists": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: n}}]}\n",
		"as JSON":        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n\n\t{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"a\", \"namespace\": \"n\"}}]}{}",
	} {
		t.Run(sentence, func(t *testing.T) {
			file := &File{Text: text}
			problems := file.parse()
			if len(problems) > 0 || len(file.Objects) != 1 {
				t.Fatalf("got %v and %v", file.Objects, problems)
			}
			object := file.Objects[0]
			if line := strings.Count(text[:strings.LastIndex(text, "{\"api")+1], "\n") + 1; object.Title() != "ConfigMap n/a" || line > 1 && object.Place().Line != line {
				t.Errorf("got %s at %s", object.Title(), object.Place())
			}
		})
	}
	// Without a type of its own, an item of an untyped list is nothing.
	file := &File{Text: "apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}, 1]\n"}
	if problems := file.parse(); len(problems) > 0 || len(file.Objects) != 0 {
		t.Errorf("got %v and %v", file.Objects, problems)
	}
}

func TestAPlainScalarIsMapped(t *testing.T) {
	text := "- a: ab  c\n\n   d\n   # no\n"
	documents, problems := (&File{Text: text}).documents()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	node := documents[0].tree().root.Content[0].Content[1]
	mapped, exact := mapScalar(text, documents[0].offsetOf(node), node)
	if !exact || node.Value != "ab  c\nd" {
		t.Fatalf("%q is mapped exactly: %t", node.Value, exact)
	}
	for offset, want := range map[int]string{0: "ab", 4: "c\n", 6: "d\n"} {
		if got := text[mapped.at(offset):]; !strings.HasPrefix(got, want) {
			t.Errorf("byte %d is at %q, want %q", offset, got, want)
		}
	}
}

// FuzzDocuments reads anything, and holds that whatever maps a scalar maps it to the text that it stands for.
func FuzzDocuments(f *testing.F) {
	for _, seed := range []string{
		"a: |2\n      a\n    b: c\n", "a: >+\n    a: b\n\n    c\n\n", "a: 'it''s\n\n  b'", "a: \"a\\u00e9\\\n    b\\n  c\"",
		"{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":{\"config.yaml\":\"\\ud83d\\ude00a\"}}",
		"a: &x [1, *x]\n---\n<<: *y\n", "%YAML 1.2\n---\n!<a> b\n...\n", "\uFEFF- \u2028|\n  a\u0085  b\r",
		"kind: List\napiVersion: v1\nitems: [{kind: Pod, apiVersion: v1}]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := &File{Name: "f.yaml", Text: text}
		documents, problems := file.documents()
		for _, problem := range problems {
			if placed, ok := errors.AsType[*ProblemError](problem); !ok || placed.Line < 1 {
				t.Errorf("a problem has no place: %v", problem)
			}
		}
		for _, d := range documents {
			for _, object := range d.Objects() {
				if place := object.Place(); place.Line < 1 || place.Column < 1 {
					t.Errorf("an object has no place: %+v", place)
				}
				_, _ = object.Content()
			}
			lookAtScalars(t, d, d.tree().root)
		}
		for _, d := range documents {
			before := len(d.Objects())
			d.Release()
			if after := d.Objects(); len(after) != before {
				t.Errorf("a document has %d objects, and %d when it is read again", before, len(after))
			}
		}
	})
}

func lookAtScalars(t *testing.T, d *Document, node *yaml.Node) {
	t.Helper()
	for _, below := range node.Content {
		lookAtScalars(t, d, below)
	}
	if node.Kind != yaml.ScalarNode {
		return
	}
	mapped, exact := mapScalar(d.text, d.offsetOf(node), node)
	if !exact {
		return
	}
	for _, s := range mapped.spans {
		if s.source < 0 || s.source+s.length > len(d.text) {
			t.Fatalf("a span leaves the document: %+v", s)
		}
		if !s.rewritten && d.text[s.source:s.source+s.length] != node.Value[s.value:s.value+s.length] {
			t.Fatalf("%q is taken for %q", d.text[s.source:s.source+s.length], node.Value[s.value:s.value+s.length])
		}
	}
}
