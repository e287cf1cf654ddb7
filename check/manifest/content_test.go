package manifest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContentIsWhatKubectlSends(t *testing.T) {
	text := `apiVersion: v1
kind: ConfigMap
base: &base {a: 1, b: yes}
merged: {<<: *base, a: 2}
further: &further {<<: *base, a: 3}
chained: {<<: *further, c: 4}
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
		"further": map[string]any{"a": int64(3), "b": true}, "chained": map[string]any{"a": int64(3), "b": true, "c": int64(4)},
		"list": []any{1.5, int64(16), nil, "1", "yes", "7", false, "2001-01-01"}, "twice": int64(2), "1": "number",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestMergeKeysAreBounded has maps that double from one to the next, and a map that is merged into itself.
func TestMergeKeysAreBounded(t *testing.T) {
	doubled := "a0: &a0 {k: v}\n"
	for i := range 40 {
		doubled += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d]}\n", i+1, i+1, i, i)
	}
	for text, want := range map[string]string{
		doubled:                  "f:1:1: the document cannot be read: its aliases make more of it than is read here",
		"a: &a {<<: *a, b: c}\n": "f:1:1: the document cannot be read: it contains itself",
	} {
		file := &File{Name: "f", Text: "apiVersion: v1\nkind: ConfigMap\n" + text}
		if problems := file.parse(); len(problems) != 1 || problems[0].Error() != want {
			t.Errorf("got %v, want %s", problems, want)
		}
	}
}
