package flink_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// The targets hold what must be true of any input; that the reading is Flink's own is for the differential test. A text that is
// read in more than linear time would run into the fuzzer's own limit.

func FuzzLoadLegacy(f *testing.F) {
	for _, seed := range []string{
		legacyFile, "high-availability:kubernetes\n", "a: \"b\" # c\r\nd: e#f\rg: h\n", "a: b: c\n: d\ne: \n", "\ufeffa: b\n", "a\xff: \xe2\x82\n", "--- \n- a: b\n", "\ta : b\u0085\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := flink.LoadLegacy(text, "f")
		if got.Err != nil {
			t.Fatalf("a legacy file is never refused, got %+v", got.Err)
		}
		lines := splitLines(text)
		for _, setting := range got.Settings {
			checkPlace(t, lines, setting.KeyLine, setting.KeyColumn, setting.Key)
			checkPlace(t, lines, setting.Line, setting.Column, setting.Value)
		}
		for _, ignored := range got.Ignored {
			if ignored.Reason == "" || ignored.Line < 1 || ignored.Line > len(lines) {
				t.Fatalf("an ignored line without a reason or place: %+v", ignored)
			}
		}
	})
}

// splitLines cuts as java.io.BufferedReader does.
func splitLines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
}

func checkPlace(t *testing.T, lines []string, line, column int, want string) {
	t.Helper()
	if !utf8.ValidString(lines[line-1]) {
		return
	}
	if rest := string([]rune(lines[line-1])[column-1:]); !strings.HasPrefix(rest, want) {
		t.Fatalf("%d:%d holds %q, want it to begin with %q", line, column, rest, want)
	}
}

func FuzzLoadStandard(f *testing.F) {
	for _, seed := range []string{
		standardFile, "a: &x [1, *x]\nb: {c: ~}\n", "%YAML 1.2\n---\na: |+2\n   b\n\n...\n", "? [a, {b: 'c'}]\n: \"d\\u00e9\\\n  e\"\n", "a: !!int 0x1F\r\n<<: *a\r\n", "a.b: c\na: {b: d}\n",
		"a: >-\n  b\n\n  c\n", "- a\n- - b\n  - c: d\n", "\ufeffa: \u2028b\u0085", "a: 1e400\nb: 4.336808689942018e-19\n", "a: \"\\ud83d\\ude00\"\n", "{a: [b: c, ? d, [], {}]}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := flink.LoadStandard(text, "f")
		if got.Err != nil && got.Err.Reason == "" {
			t.Fatal("refused without a reason")
		}
		size := len(got.Settings)
		for _, setting := range got.Settings {
			if setting.Line < 1 || setting.Column < 1 || setting.KeyLine < 1 || setting.KeyColumn < 1 {
				t.Fatalf("a setting without a place: %+v", setting)
			}
			size += len(setting.Key) + len(setting.Value)
		}
		if size > 5<<20 {
			t.Fatalf("%d bytes became %d", len(text), size)
		}
		if !utf8.ValidString(text) && got.Err == nil && got.Complete() {
			t.Fatal("a text that is no UTF-8 was read")
		}
	})
}
