package configuration

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TestLargeInputIsReadInItsOwnTime has inputs of some megabytes that would take minutes if anything in them were looked
// through once for each setting or each object.
func TestLargeInputIsReadInItsOwnTime(t *testing.T) {
	var options, flow, documents, resource strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&options, "parallelism.é%d: %d\n", i, i)
		fmt.Fprintf(&flow, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c%d}, data: {flink-conf.yaml: 'rest.port: 1'}}, ", i)
	}
	for i := range 2_000 {
		documents.WriteString(configMapWith("|\n    rest.port: 1\n"+strings.Repeat("    # comment\n", 50)) + "---\n")
		fmt.Fprintf(&resource, "    o%d: 1\n", i)
	}
	oneLine, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "c"}, "data": map[string]any{"flink-conf.yaml": options.String()},
	})
	if err != nil {
		t.Fatal(err)
	}
	for sentence, tc := range map[string]struct {
		text string
		want int
	}{
		"one line of JSON":      {string(oneLine), 1},
		"one line of YAML":      {"{apiVersion: v1, kind: List, items: [" + flow.String() + "]}", 20_000},
		"thousands of objects":  {documents.String(), 2_000},
		"a large resource":      {"apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nspec:\n  flinkConfiguration:\n" + resource.String(), 1},
		"nothing but comments":  {"apiVersion: v1\nkind: Pod\n" + strings.Repeat("# comment\n", 200_000), 0},
		"brackets in brackets":  {"apiVersion: v1\nkind: Pod\nflink: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000), 0},
		"quotes that never end": {"a: '" + strings.Repeat("x\n ", 200_000), 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			start := time.Now()
			readings, _ := Configurations(manifest.Read([]string{"-"}, strings.NewReader(tc.text)), flink.Version{})
			if len(readings) != tc.want {
				t.Errorf("got %d readings, want %d", len(readings), tc.want)
			}
			if err := WriteText(io.Discard, readings, TextOptions{}); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("%d bytes take %s", len(tc.text), took)
			}
		})
	}
}

// TestAliasesAreBounded has documents of a few lines that stand for billions of nodes, and one that contains itself.
func TestAliasesAreBounded(t *testing.T) {
	var lists, merges, items strings.Builder
	lists.WriteString("a0: &a0 [x, x]\n")
	merges.WriteString("a0: &a0 {x: 1}\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&lists, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
		fmt.Fprintf(&merges, "a%d: &a%d {p: {<<: *a%d}, q: {<<: *a%d}}\n", i, i, i-1, i-1)
	}
	items.WriteString("items: &items [*items, *items]\n")
	wide := "a: &a {" + strings.Repeat("k: 1, ", 2000) + "}\n" + strings.Repeat("? {<<: *a}\n", 2000)
	for sentence, text := range map[string]string{
		"lists": lists.String(), "merges": merges.String(), "items": items.String(), "itself": "a: &a [*a]\n", "wide merges": wide,
	} {
		t.Run(sentence, func(t *testing.T) {
			_, problems := Configurations(manifest.Read([]string{"-"}, strings.NewReader("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink}\n"+text)), flink.Version{})
			if len(problems) != 1 {
				t.Errorf("got %v", problems)
			}
		})
	}
}
