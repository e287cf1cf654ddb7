package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	kubectl "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/check"
)

func TestYAMLIsReadBackByKubectlAsItWas(t *testing.T) {
	texts := map[string]string{
		"a word": "session", "a path": "s3://bucket/ha", "an image": "flink:1.20", "the empty text": "",
		"yes": "yes", "No": "No", "on": "on", "y": "y", "N": "N", "true": "True", "null": "null", "tilde": "~",
		"an integer": "8081", "octal": "0755", "octal of 1.2": "0o7", "hexadecimal": "0x1", "with underscores": "1_000", "sexagesimal": "12:30:45",
		"a float": "1.5", "an exponent": "1e3", "infinity": ".inf", "not a number": ".NaN", "a day": "2026-01-31", "merge": "<<", "equals": "=",
		"a comment": "a #b", "a mapping": "a: b", "ends in a colon": "a:", "a list": "- a", "an alias": "*a", "an anchor": "&a", "a tag": "!a",
		"a flow": "{a: b}", "a template": "{{ a }}", "quotes": `"a" 'b'`, "a backslash": `a\nb`, "blanks around": " a ", "blank at the end": "a ",
		"lines": "a: b\nc: d\n", "lines without an end": "a\nb", "lines with more ends": "a\n\n\n", "a line first": "\na", "indented first": "  a\nb\n",
		"blanks at line ends": "a \nb\n", "tabs": "a\tb\n\tc\n", "tab at the end": "a\t\nb", "Windows": "a\r\nb\r\n", "a lone return": "a\rb\n",
		"a document end": "a\n...\nb\n", "a document": "a\n---\nb\n", "separators": "a\u2028b\n\u2029", "next line": "a\u0085b\n", "a mark": "\uFEFFa\nb",
		"controls": "a\x1b[31m\x00\nb", "beyond 16 bits": "\U0001F600\n\U000E0001", "wide": "ä\n世界\n", "everything": strings.ToValidUTF8(evil, "�"),
		"a long line": strings.Repeat("a b ", 500), "only ends": "\n\n", "a line of blanks": "a\n   \nb\n", "deeper later": "a\n  b\n    c\n",
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			object, err := json.Marshal(map[string]any{"data": map[string]any{"key": text, text: "value"}, "list": []any{text, map[string]any{"deep": text}}})
			if err != nil {
				t.Fatal(err)
			}
			wantReadBack(t, object)
		})
	}
}

func TestYAMLKeepsTypes(t *testing.T) {
	for _, object := range []string{
		`{"a":1,"b":-1,"c":1.5,"d":1e+21,"e":0,"f":9007199254740993,"g":100000000000000000000}`,
		`{"a":true,"b":false,"c":null,"d":{},"e":[],"f":[[]],"g":[{}],"h":{"i":{"j":[1,"1",true,"true",null,"null"]}}}`,
		`{"8081":"port","true":"key","a b":"blank","":"empty","a: b":"colon"}`,
		`{}`,
	} {
		wantReadBack(t, []byte(object))
	}
}

func TestYAMLIsReadable(t *testing.T) {
	const object = `{"apiVersion":"v1","data":{"flink-conf.yaml":"a: b\nc: \"d\"\n","port":"8081","yes":"yes"},"kind":"ConfigMap","metadata":{"labels":{},"name":"x"}}`
	const want = `apiVersion: v1
kind: ConfigMap
metadata:
  name: x
  labels: {}
data:
  flink-conf.yaml: |
    a: b
    c: "d"
  port: "8081"
  "yes": "yes"
`
	var out bytes.Buffer
	if err := writeYAML(&out, []byte(object)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestYAMLHasAllObjectsInTheirOrder(t *testing.T) {
	report := deployReport(t)
	var out bytes.Buffer
	if err := YAML(&out, report, Options{}); err != nil {
		t.Fatal(err)
	}
	stream := kubectl.NewYAMLToJSONDecoder(&out)
	for i := range report.Objects {
		var got any
		if err := stream.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(decoded(t, report.Objects[i].Mutated), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", report.Objects[i].Title(), diff)
		}
	}
	if err := stream.Decode(new(any)); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end after %d objects", err, len(report.Objects))
	}
}

func TestYAMLHasNoFilesThatAreNoObjects(t *testing.T) {
	var out bytes.Buffer
	report := &check.Report{Objects: []check.Object{
		{Name: "flink-conf.yaml", Mutated: json.RawMessage(`{"data":{}}`)},
		{Kind: "ConfigMap", Name: "unread"},
	}}
	if err := YAML(&out, report, Options{}); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 0 {
		t.Errorf("got %q, want nothing", out.String())
	}
}

func FuzzYAMLIsReadBack(f *testing.F) {
	f.Add("flink-conf.yaml", "a: b\n c\n")
	f.Add("yes", "0x1")
	f.Add("a: b", "- a\n\n  b\n")
	f.Add(evil, evil)
	f.Fuzz(func(t *testing.T, key, text string) {
		object, err := json.Marshal(map[string]any{"data": map[string]string{key: text}, key: []any{text, []string{text, key}, map[string]string{text: key}}})
		if err != nil {
			t.Fatal(err)
		}
		wantReadBack(t, object)
	})
}

// wantReadBack has kubectl's reader of YAML read what is written of an object.
func wantReadBack(t *testing.T, object []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := writeYAML(&out, object); err != nil {
		t.Fatal(err)
	}
	raw, err := yaml.YAMLToJSONStrict(out.Bytes())
	if err != nil {
		t.Fatalf("reading %q: %v", out.String(), err)
	}
	if diff := cmp.Diff(decoded(t, object), decoded(t, raw)); diff != "" {
		t.Errorf("got %s (-want +got):\n%s", out.String(), diff)
	}
	// What stands on a line of its own would end the document.
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...") {
			t.Errorf("got a document that ends within: %q", out.String())
		}
	}
}
