package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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
