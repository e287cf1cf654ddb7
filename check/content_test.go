package check

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestContentIsWhatKubectlSends(t *testing.T) {
	text := `apiVersion: v1
kind: ConfigMap
base: &base {a: 1, b: yes}
merged: {<<: *base, a: 2}
alias: *base
list: [1.5, 0x10, ~, "1", 'yes', !!str 7, off, 2001-01-01]
twice: 1
"twice": 2
1: number
`
	file := &File{Text: text}
	if problems := file.parse(); len(problems) > 0 {
		t.Fatal(problems)
	}
	got, err := file.Objects[0].Content()
	if err != nil {
		t.Fatal(err)
	}
	base := map[string]any{"a": int64(1), "b": true}
	want := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "base": base, "alias": base, "merged": map[string]any{"a": int64(2), "b": true},
		"list": []any{1.5, int64(16), nil, "1", "yes", "7", false, "2001-01-01"}, "twice": int64(2), "1": "number",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
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
			_, problems := Configurations(Read([]string{"-"}, strings.NewReader("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink}\n"+text)), flink.Version{})
			if len(problems) != 1 {
				t.Errorf("got %v", problems)
			}
		})
	}
}
