package manifest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// edited reads a text, makes edits in its first document, and returns what becomes of it.
func edited(t *testing.T, text string, edits ...Edit) (string, error) {
	t.Helper()
	file, problems := Source{Name: "f.yaml"}.Parse(text)
	if len(problems) > 0 || len(file.Documents) != 1 {
		t.Fatalf("got %d documents and %v from\n%s", len(file.Documents), problems, text)
	}
	document, err := file.Documents[0].With(edits...)
	if err != nil {
		return "", err
	}
	return document.Text(), nil
}

const objectHead = "apiVersion: v1\nkind: ConfigMap\n"

func TestEditsKeepTheStyleOfTheDocument(t *testing.T) {
	for sentence, tc := range map[string]struct {
		before string
		edit   Edit
		want   string
	}{
		"a field after the short ones": {
			"spec:\n  replicas: 1 # one\n  # the template\n  template:\n    a: b\n",
			Edit{Path: "spec.name", Value: "x"},
			"spec:\n  replicas: 1 # one\n  name: x\n  # the template\n  template:\n    a: b\n",
		},
		"a field before the long ones": {
			"spec: # why\n  # the containers\n  containers:\n    - name: a\n",
			Edit{Pointer: "/spec/serviceAccountName", Value: "flink"},
			"spec: # why\n  serviceAccountName: flink\n  # the containers\n  containers:\n    - name: a\n",
		},
		"a field in a list's item": {
			"spec:\n- a: b\n", Edit{Path: "spec[0].c", Value: true}, "spec:\n- a: b\n  c: true\n",
		},
		"an option beside its relative": {
			"spec:\n  a.b: x\n  a.c:\n    - 1\n  d: y\n",
			Edit{Path: `spec["a.z"]`, Value: "8081"},
			"spec:\n  a.b: x\n  a.c:\n    - 1\n  a.z: \"8081\"\n  d: y\n",
		},
		"missing parents": {
			"spec:\n    a:\n        b: c\n", Edit{Path: "spec.x.p.z", Value: 1}, "spec:\n    x:\n        p:\n            z: 1\n    a:\n        b: c\n",
		},
		"a parent without a value": {
			"spec:  # none\nother: 1\n", Edit{Path: "spec.x.y", Value: "on"}, "spec:  # none\n  x:\n    \"y\": \"on\"\nother: 1\n",
		},
		"an empty parent":               {"spec: {} # none\n", Edit{Path: "spec.x", Value: "a"}, "spec: {x: a} # none\n"},
		"an empty parent, blanks":       {"spec: {  }\n", Edit{Path: "spec.x", Value: "a"}, "spec: {x: a}\n"},
		"a null parent":                 {"spec: null # none\n", Edit{Path: "spec.x", Value: "a"}, "spec: # none\n  x: a\n"},
		"no line break at the end":      {"spec:\n  a: b", Edit{Path: "spec.x", Value: "a"}, "spec:\n  a: b\n  x: a"},
		"Windows line ends":             {"spec:\r\n  a: b\r\n", Edit{Path: "spec.x", Value: "a"}, "spec:\r\n  a: b\r\n  x: a\r\n"},
		"in braces":                     {"spec: {a: b}\n", Edit{Path: "spec.x", Value: "a, b"}, "spec: {a: b, x: \"a, b\"}\n"},
		"in braces, on lines":           {"spec: {\n  a: b, # c\n  d: e\n}\n", Edit{Path: "spec.x", Value: "a"}, "spec: {\n  a: b, # c\n  d: e,\n  x: a\n}\n"},
		"a scalar keeps its quotes":     {"spec:\n  a: 'b' # c\n", Edit{Path: "spec.a", Value: "it's"}, "spec:\n  a: 'it''s' # c\n"},
		"a plain scalar gets quotes":    {"spec:\n  a: b\n", Edit{Path: "spec.a", Value: "no"}, "spec:\n  a: \"no\"\n"},
		"a scalar becomes a boolean":    {"spec:\n  a: false # c\n", Edit{Path: "spec.a", Value: true}, "spec:\n  a: true # c\n"},
		"a scalar with a tag":           {"spec:\n  a: !!str b\n", Edit{Path: "spec.a", Value: true}, "spec:\n  a: true\n"},
		"an alias is replaced":          {"x: &a b\nspec:\n  a: *a\n", Edit{Path: "spec.a", Value: "c"}, "x: &a b\nspec:\n  a: c\n"},
		"what a merge key brings":       {"x: &a {b: c}\nspec:\n  <<: *a\n", Edit{Path: "spec.b", Value: "d"}, "x: &a {b: c}\nspec:\n  <<: *a\n  b: d\n"},
		"a field goes with its comment": {"spec:\n  # kept\n  a: b # gone\n  c: d\n", Edit{Path: "spec.a", Action: Remove}, "spec:\n  # kept\n  c: d\n"},
		"a map goes":                    {"spec:\n  a:\n    b: c\n  d: e\n", Edit{Path: "spec.a", Action: Remove}, "spec:\n  d: e\n"},
		"the first field of an item":    {"spec:\n  - a: b\n    c: d\n", Edit{Path: "spec[0].a", Action: Remove}, "spec:\n  - c: d\n"},
		"the only field":                {"spec:\n  a: b\n", Edit{Path: "spec.a", Action: Remove}, "spec: {}\n"},
		"in braces, the last":           {"spec: {a: b, c: d}\n", Edit{Path: "spec.c", Action: Remove}, "spec: {a: b}\n"},
		"in braces, the first":          {"spec: {a: b, c: d}\n", Edit{Path: "spec.a", Action: Remove}, "spec: {c: d}\n"},
		"in braces, the only":           {"spec: {a: b}\n", Edit{Path: "spec.a", Action: Remove}, "spec: {}\n"},
		"an item goes":                  {"spec:\n- a\n- b # c\n- d\n", Edit{Path: "spec[1]", Action: Remove}, "spec:\n- a\n- d\n"},
		"the last item goes":            {"spec:\n- a\n- b", Edit{Path: "spec[1]", Action: Remove}, "spec:\n- a"},
		"an item comes":                 {"spec:\n  - a # c\n  - b\n", Edit{Pointer: "/spec/1", Action: Add, Value: "x"}, "spec:\n  - a # c\n  - x\n  - b\n"},
		"an item comes last":            {"spec:\n  - a: b\n    c: d\n", Edit{Pointer: "/spec/-", Action: Add, Value: map[string]any{"e": "f", "g": "h"}}, "spec:\n  - a: b\n    c: d\n  - e: f\n    g: h\n"},
		"an item in brackets":           {"spec: [a, b]\n", Edit{Pointer: "/spec/0", Action: Add, Value: "x"}, "spec: [x, a, b]\n"},
		"a line of a literal":           {"spec:\n  a: |\n    b: c  \n    # d\n      e\n", Edit{Path: "spec.a", Value: "b: x\n# d\n  e\n"}, "spec:\n  a: |\n    b: x\n    # d\n      e\n"},
		"a line more in a literal": {
			"spec:\n  a: |-  # why\n    b\n   \n    c\n\n  d: e\n", Edit{Path: "spec.a", Value: "b\n\nc\nd"}, "spec:\n  a: |-  # why\n    b\n   \n    c\n    d\n\n  d: e\n",
		},
		"a literal at the end": {"spec:\n  a: |\n    b", Edit{Path: "spec.a", Value: "b\nc"}, "spec:\n  a: |\n    b\n    c"},
		"an indented literal":  {"spec:\n  a: |2\n      b\n    c\n", Edit{Path: "spec.a", Value: "  b\nd\n"}, "spec:\n  a: |2\n      b\n    d\n"},
		"a literal that is kept": {
			"spec:\n  a: |+\n    b\n\n  c: d\n", Edit{Path: "spec.a", Value: "b\nx\n\n"}, "spec:\n  a: |+\n    b\n    x\n\n  c: d\n",
		},
		"a folded scalar":       {"spec:\n  a: >\n    b: c\n\n    d: e\n", Edit{Path: "spec.a", Value: "b: x\nd: e\n"}, "spec:\n  a: >\n    b: x\n\n    d: e\n"},
		"a folded scalar, more": {"spec:\n  a: >-\n    b: c\n\n    d: e\n", Edit{Path: "spec.a", Value: "b: c\nx: y\nd: e"}, "spec:\n  a: >-\n    b: c\n\n    x: y\n\n    d: e\n"},
		"double quotes":         {`spec: {a: "b\u00e9: \x41\n# c\n"}` + "\n", Edit{Path: "spec.a", Value: "bé: A\nd: \"e\"\n# c\n"}, `spec: {a: "b\u00e9: \x41\nd: \"e\"\n# c\n"}` + "\n"},
		"single quotes":         {"spec:\n  a: 'b: c\n\n    d: e'\n", Edit{Path: "spec.a", Value: "b: x\nd: e"}, "spec:\n  a: 'b: x\n\n    d: e'\n"},
		"a list keeps its items": {
			"spec:\n  - a # 1\n  # two\n  - b\n  - c # 3\n", Edit{Path: "spec", Value: []any{"a", "x", "-D", "c", "d"}}, "spec:\n  - a # 1\n  # two\n  - x\n  - -D\n  - c # 3\n  - d\n",
		},
		"a list becomes shorter": {"spec: [a, b, c]\n", Edit{Path: "spec", Value: []any{"a", "c"}}, "spec: [a, c]\n"},
		"a field is renamed":     {"spec:\n  'a': b # c\n", Edit{Path: "spec.a", Action: Rename, Value: "on"}, "spec:\n  'on': b # c\n"},
		"a literal becomes short": {
			"spec:\n  a: |\n    b\n  c: d\n", Edit{Path: "spec.a", Value: ""}, "spec:\n  a: \"\"\n  c: d\n",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := edited(t, objectHead+tc.before, tc.edit)
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			if diff := cmp.Diff(objectHead+tc.want, got); diff != "" {
				t.Errorf("(-want,+got):\n%s", diff)
			}
		})
	}
}

func TestEditsOfJSON(t *testing.T) {
	for sentence, tc := range map[string]struct {
		before string
		edit   Edit
		want   string
	}{
		"one line":         {`{"apiVersion":"v1","kind":"X","spec":{"a":"b"}}`, Edit{Path: "spec.c", Value: "<d>"}, `{"apiVersion":"v1","kind":"X","spec":{"a":"b","c":"<d>"}}`},
		"one line, blanks": {`{"apiVersion": "v1", "kind": "X"}`, Edit{Path: "spec.c", Value: true}, `{"apiVersion": "v1", "kind": "X", "spec": {"c":true}}`},
		"indented": {
			"{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"X\",\n  \"spec\": {\n    \"a\": 1\n  }\n}\n",
			Edit{Path: "spec.b.c", Value: 2},
			"{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"X\",\n  \"spec\": {\n    \"a\": 1,\n    \"b\": {\n      \"c\": 2\n    }\n  }\n}",
		},
		"a text":        {`{"apiVersion":"v1","kind":"X","data":{"a":"\ud83d\ude00\nb: c\n"}}`, Edit{Path: "data.a", Value: "😀\nb: d\ne\n"}, `{"apiVersion":"v1","kind":"X","data":{"a":"\ud83d\ude00\nb: d\ne\n"}}`},
		"the last goes": {"{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"X\",\n\t\"a\": [1]\n}", Edit{Path: "a", Action: Remove}, "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"X\"\n}"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := edited(t, tc.before, tc.edit)
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want,+got):\n%s", diff)
			}
		})
	}
}

func TestEditsThatAreRefused(t *testing.T) {
	for sentence, tc := range map[string]struct {
		text, want string
		edit       Edit
	}{
		"behind an alias":      {"x: &a {b: c}\nspec: *a\n", "alias", Edit{Path: "spec.b", Value: "d"}},
		"where an anchor is":   {"x: &a {b: c}\nspec: *a\n", "edit it by hand", Edit{Path: "x.b", Value: "d"}},
		"from a merge key":     {"x: &a {b: c}\nspec: {<<: *a}\n", "merge key", Edit{Path: "spec.b", Action: Remove}},
		"within a scalar":      {"spec: a\n", "not a map", Edit{Path: "spec.b", Value: "c"}},
		"an item too far":      {"spec: [a]\n", "no such item", Edit{Path: "spec[3]", Value: "c"}},
		"a test that fails":    {"spec: [a]\n", "something else", Edit{Path: "spec[0]", Action: Test, Value: "c"}},
		"an object that isn't": {"spec: [a]\n", "no such object", Edit{Object: 1, Path: "spec", Value: "c"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := edited(t, objectHead+tc.text, tc.edit)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v and\n%s\nwant a refusal with %q", err, got, tc.want)
			}
		})
	}
}
