package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitDocuments(t *testing.T) {
	for sentence, tc := range map[string]struct {
		text string
		want []string
	}{
		"one document":                      {"a: 1\n", []string{"a: 1\n"}},
		"two documents":                     {"a: 1\n---\nb: 2\n", []string{"a: 1\n", "---\nb: 2\n"}},
		"CR LF":                             {"a: 1\r\n---\r\nb: 2\r\n", []string{"a: 1\r\n", "---\r\nb: 2\r\n"}},
		"CR alone":                          {"a: 1\r---\rb: 2", []string{"a: 1\r", "---\rb: 2"}},
		"empty documents":                   {"---\n---\n# nothing\n---\na: 1\n---\n", []string{"---\na: 1\n"}},
		"content on the marker's line":      {"--- {a: 1}\n--- # comment\nb: 2\n", []string{"--- {a: 1}\n", "--- # comment\nb: 2\n"}},
		"the end of a document":             {"a: 1\n...\n# between\nb: 2\n", []string{"a: 1\n...\n", "# between\nb: 2\n"}},
		"a directive belongs to what comes": {"%YAML 1.2\n---\na: 1\n", []string{"%YAML 1.2\n---\na: 1\n"}},
		"after the end":                     {"a: 1\n...\n%YAML 1.2\n---\nb: 2\n", []string{"a: 1\n...\n", "%YAML 1.2\n---\nb: 2\n"}},
		"a byte order mark":                 {byteOrderMark + "a: 1\n", []string{"a: 1\n"}},
		"one before a marker":               {byteOrderMark + "---\na: 1\n", []string{"---\na: 1\n"}},
		"not a marker":                      {"a: |\n  ---\n  b\n---x: 1\n", []string{"a: |\n  ---\n  b\n---x: 1\n"}},
		"nothing":                           {"", nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			var got []string
			for _, part := range splitDocuments(tc.text) {
				if tc.text[part.offset:part.offset+len(part.text)] != part.text {
					t.Errorf("%q is not at %d", part.text, part.offset)
				}
				got = append(got, part.text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
