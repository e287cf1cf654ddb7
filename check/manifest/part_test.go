package manifest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAListOfJSONIsReadItemByItem wants the same objects and places whether a List is read as a whole or item by item.
func TestAListOfJSONIsReadItemByItem(t *testing.T) {
	item := func(name string) string {
		return `{"apiVersion": "v1", "kind": "X", "metadata": {"name": "` + name + `"}}`
	}
	list := func(items string) string { return `{"apiVersion": "v1", "items": [` + items + `], "kind": "List"}` }
	for sentence, tc := range map[string]struct {
		text      string
		documents int
		want      []Place
	}{
		"on one line":                  {list(item("é") + "," + item("b")), 2, []Place{{"f", 1, 32}, {"f", 1, 93}}},
		"over lines":                   {"\n" + list("\n  "+item("a")+",\r\n  "+item("b")+"\n"), 2, []Place{{"f", 3, 3}, {"f", 4, 3}}},
		"behind a document":            {"a: 1\n---\n" + list(item("a")), 2, []Place{{"f", 3, 32}}},
		"an item without a kind":       {list(item("a") + `, {"x": 1}`), 1, []Place{{"f", 1, 32}}},
		"a list in a list":             {list(list(item("a"))), 1, []Place{{"f", 1, 63}}},
		"a comma too many is not JSON": {list(item("a") + ","), 1, []Place{{"f", 1, 32}}},
		"values behind one another":    {item("a") + item("b"), 2, []Place{{"f", 1, 1}, {"f", 1, 61}}},
		"no items":                     {list(""), 1, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			file, problems := Source{Name: "f"}.Parse(tc.text)
			if len(problems) > 0 || len(file.Documents) != tc.documents {
				t.Fatalf("got %d documents and %v, want %d", len(file.Documents), problems, tc.documents)
			}
			var got []Place
			for _, object := range file.Objects {
				got = append(got, object.Place())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
			if again := file.TextWith(file.Documents); again != tc.text {
				t.Errorf("got %q put together again, want %q", again, tc.text)
			}
		})
	}
}

func TestWhatIsWrongInALongFileIsFoundWhereItIs(t *testing.T) {
	text := strings.Repeat("a: 1\n---\n", 100) + "b: [\n"
	_, problems := Source{Name: "f"}.Parse(text)
	if len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), "f:202:1: ") {
		t.Errorf("got %v, want one problem at f:202:1", problems)
	}
}
