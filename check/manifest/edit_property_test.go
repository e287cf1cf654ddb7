package manifest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// generated is a manifest in a random style with comments in it.
func generated(t *testing.T, random *rand.Rand) string {
	t.Helper()
	object := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "é-flink", "labels": map[string]any{"app": "y", "1": "2"}},
		"data": map[string]any{"flink-conf.yaml": generatedText(random), "config.yaml": generatedText(random), "a": "😀\nb"},
		"spec": map[string]any{
			"template":           map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"args": []any{"-D", "a=b", "c"}, "name": "x"}, "y"}}},
			"flinkConfiguration": map[string]any{"a.b": "c", "a.c": "1", "d": map[string]any{"e": true}}, "replicas": 1, "empty": map[string]any{}, "none": nil,
		},
	}
	var whole any = object
	if random.IntN(4) == 0 {
		whole = map[string]any{"apiVersion": "v1", "kind": "List", "items": []any{map[string]any{"apiVersion": "v1", "kind": "X"}, object}}
	}
	lineBreak := []string{"\n", "\r\n"}[random.IntN(2)]
	if random.IntN(4) == 0 {
		text, err := json.MarshalIndent(whole, "", []string{"", " ", "\t"}[random.IntN(3)])
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(text), "\n", lineBreak)
	}
	var node yaml.Node
	if err := node.Encode(whole); err != nil {
		t.Fatal(err)
	}
	decorate(&node, random, false)
	var text strings.Builder
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2 + random.IntN(4))
	if err := encoder.Encode(&node); err != nil {
		t.Fatal(err)
	}
	written := text.String()
	if random.IntN(4) == 0 {
		written = strings.TrimSuffix(written, "\n")
	}
	return strings.ReplaceAll(written, "\n", lineBreak)
}

func generatedText(random *rand.Rand) string {
	var text strings.Builder
	for i := range 1 + random.IntN(6) {
		text.WriteString([]string{"# it's \"é\" 😀\n", "\n", "  ", "", "", ""}[random.IntN(6)])
		fmt.Fprintf(&text, "option.%d: value%d\n", i, i)
	}
	if random.IntN(3) == 0 {
		return strings.TrimSuffix(text.String(), "\n")
	}
	return text.String()
}

// decorate gives nodes random styles, and comments where they can stand.
func decorate(node *yaml.Node, random *rand.Rand, inFlow bool) {
	switch {
	case node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "\n"):
		node.Style = []yaml.Style{yaml.LiteralStyle, yaml.LiteralStyle, yaml.FoldedStyle, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, 0}[random.IntN(6)]
	case node.Kind == yaml.ScalarNode && node.Tag == "!!str":
		node.Style = []yaml.Style{0, 0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle}[random.IntN(4)]
	case node.Kind != yaml.ScalarNode && random.IntN(8) == 0:
		node.Style = yaml.FlowStyle
		inFlow = true
	}
	for i, below := range node.Content {
		decorate(below, random, inFlow)
		if inFlow || node.Kind == yaml.MappingNode && i%2 == 1 {
			continue
		}
		if random.IntN(4) == 0 {
			below.HeadComment = "# above"
		}
		if beside := node.Content[min(i+1, len(node.Content)-1)]; random.IntN(4) == 0 && beside.Kind == yaml.ScalarNode && !strings.Contains(beside.Value, "\n") {
			beside.LineComment = "# beside"
		}
	}
}

// anEdit is a random one of what may be done to the generated manifest.
func anEdit(random *rand.Rand, object *Object) Edit {
	value := []any{"flink", "yes", "8081", true, int64(3), map[string]any{"a": "b", "c": []any{"d"}}, []any{"x", map[string]any{"y": "z"}}, "two\nlines\n", ""}[random.IntN(9)]
	at := []string{
		"spec.template.spec.serviceAccountName", "spec.template.spec.automount", "spec.new.parents.all", "spec.replicas", "metadata.labels.app",
		"metadata.annotations", "spec.none.x", "spec.empty.x", `spec.flinkConfiguration["a.d"]`, `spec.flinkConfiguration["a.b"]`,
		"spec.flinkConfiguration.d.e", "spec.template.spec.containers[0].args[1]", "spec.template.spec.containers[0]", "metadata.labels",
		"spec.template.spec.containers", "spec.template.spec.containers[1]", "spec.none", "spec.empty",
	}[random.IntN(18)]
	edit := Edit{Path: at, Value: value, Action: []Action{Set, Set, Add, Remove}[random.IntN(4)]}
	if random.IntN(2) == 0 {
		edit.Path = []string{`data["flink-conf.yaml"]`, `data["config.yaml"]`}[random.IntN(2)]
		text, _ := object.At(edit.Path)
		edit.Value, edit.Action = changedText(random, fmt.Sprint(text)), Set
	}
	return edit
}

// changedText changes, adds and drops lines.
func changedText(random *rand.Rand, text string) string {
	lines := strings.Split(text, "\n")
	for range 1 + random.IntN(3) {
		at := random.IntN(len(lines))
		switch random.IntN(3) {
		case 0:
			lines[at] = strings.Replace(lines[at], "value", []string{"'", "\"é\" # ", "other: ", "\\n"}[random.IntN(4)], 1)
		case 1:
			lines = slices.Insert(lines, at, []string{"a.new: line", "# a comment", "  deeper: yes"}[random.IntN(3)])
		case 2:
			if len(lines) > 1 {
				lines = slices.Delete(lines, at, at+1)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// TestEditsSayWhatWasMeant makes random edits, one after the other, in documents of all styles.
func TestEditsSayWhatWasMeant(t *testing.T) {
	const seed = 1
	random := rand.New(rand.NewPCG(seed, seed))
	done, refused := 0, 0
	for range 500 {
		text := generated(t, random)
		file, problems := Source{Name: "f.yaml"}.Parse(text)
		last := len(file.Documents) - 1
		if len(problems) > 0 || last < 0 {
			t.Fatalf("got %d documents and %v from\n%s", len(file.Documents), problems, text)
		}
		document := file.Documents[last] // the others are items of a List of JSON
		ordinal := len(document.Objects()) - 1
		for range 4 {
			edit := anEdit(random, document.Objects()[ordinal])
			edit.Object = ordinal
			before := document.Text()
			old, _ := document.Objects()[ordinal].At(edit.Path)
			_, meant, _, err := document.meant(&edit)
			if err != nil {
				continue // the edit before took away what this one is about
			}
			next, err := document.With(edit)
			if err != nil {
				refused++
				continue
			}
			done++
			again, problems := Source{Name: "f.yaml"}.Parse(file.TextWith(append(slices.Clone(file.Documents[:last]), next)))
			if len(problems) > 0 || len(again.Documents) != last+1 {
				t.Fatalf("%+v leaves %d documents and %v in\n%s\nthat was\n%s", edit, len(again.Documents), problems, next.Text(), before)
			}
			got, err := again.Documents[last].content()
			if err != nil || !reflect.DeepEqual(got, meant) {
				t.Fatalf("%+v: %v\n%s\nin\n%s", edit, err, cmp.Diff(meant, got), next.Text())
			}
			checkUntouched(t, edit, before, next.Text(), old)
			if same, err := next.With(Edit{Object: ordinal, Path: edit.Path, Value: edit.Value}); edit.Action == Set && (err != nil || same != next) {
				t.Fatalf("%+v once more: %v, and the document is another one", edit, err)
			}
			document = next
		}
	}
	if refused*20 > done {
		t.Errorf("%d edits are made and %d refused", done, refused)
	}
	t.Logf("%d edits are made and %d refused", done, refused)
}

// checkUntouched wants comments to stay unless they are in what goes, lines to end as before, and no more lines of the document to change
// than lines of a text in it.
func checkUntouched(t *testing.T, edit Edit, before, after string, old any) {
	t.Helper()
	if strings.Contains(before, "\r\n") && strings.Contains(strings.ReplaceAll(after, "\r\n", ""), "\n") {
		t.Fatalf("%+v ends lines in another way in\n%q", edit, after)
	}
	if isNested(old) {
		return
	}
	for _, comment := range []string{"# above", "# beside"} {
		got, want := strings.Count(after, comment), strings.Count(before, comment)
		if edit.Action == Remove && comment == "# beside" {
			want-- // it may have stood behind what goes
		}
		if got < want && !isNested(edit.Value) {
			t.Fatalf("%+v leaves %d comments of %d in\n%s\nthat was\n%s", edit, got, want, after, before)
		}
	}
	text, isText := old.(string)
	if name := strings.TrimSuffix(strings.TrimPrefix(edit.Path, `data["`), `"]`); !isText || !regexp.MustCompile(regexp.QuoteMeta(name)+`["']?: \|`).MatchString(before) {
		return
	}
	if got, want := linesGone(before, after), strings.Count(text, "\n")+3; got > want {
		t.Fatalf("%+v changes %d lines, want at most %d:\n%s", edit, got, want, udiff.Unified("before", "after", before, after))
	}
}

// linesGone is how many lines of a text another one does not have.
func linesGone(before, after string) int {
	gone := 0
	for _, differing := range udiff.Lines(before, after) {
		gone += strings.Count(before[differing.Start:differing.End], "\n")
	}
	return gone
}

// TestOneLineOfALiteralIsOneLine has every other line written in a way that nobody would write again.
func TestOneLineOfALiteralIsOneLine(t *testing.T) {
	text := objectHead + "data:\n  a: |  # why\n    b: c  \n  \n    # d\n\n    e: f\n   \n"
	got, err := edited(t, text, Edit{Path: "data.a", Value: "b: c  \n\n# d\n\ne: g\n"})
	if want := strings.Replace(text, "e: f", "e: g", 1); err != nil || got != want {
		t.Errorf("got %v and %q, want %q", err, got, want)
	}
}

// FuzzEdit edits anything.
func FuzzEdit(f *testing.F) {
	f.Add(objectHead+"data:\n  a: |2+\n      b\n    c\n\n", `data["a"]`, "d\n")
	f.Add(objectHead+"spec: &a {b: [c, *x]}\n", "spec.b[0]", "yes")
	f.Add(`{"apiVersion":"v1","kind":"X","a":"\ud83d\ude00"}`, "a", "b")
	f.Fuzz(func(t *testing.T, text, path, value string) {
		file, _ := Source{Name: "f.yaml"}.Parse(text)
		if file == nil {
			return
		}
		for _, document := range file.Documents {
			if len(document.Objects()) == 0 {
				continue
			}
			for _, edit := range []Edit{{Path: path, Value: value}, {Path: path, Action: Remove}, {Pointer: path, Action: Add, Value: value}} {
				next, err := document.With(edit)
				if err != nil {
					continue
				}
				_, meant, _, err := document.meant(&edit)
				if got, gotErr := next.content(); err != nil || gotErr != nil || !reflect.DeepEqual(got, meant) {
					t.Errorf("%+v of %q makes %q: %v, %v", edit, document.Text(), next.Text(), err, gotErr)
				}
			}
		}
	})
}
