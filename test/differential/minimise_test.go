package differential

import (
	"strings"
	"testing"
)

func TestMinimise(t *testing.T) {
	cases := map[string]struct {
		text  string
		shows func(string) bool
		want  string
	}{
		"a line of many": {
			text:  "one: 1\ntwo: \"x#y\"\nthree: 3\n",
			shows: func(text string) bool { return strings.Contains(text, "#") },
			want:  "#",
		},
		"two lines that belong together": {
			text:  "high-availability: &x\n  b: 1\nc: 2\nd: *x\n",
			shows: func(text string) bool { return strings.Contains(text, "&") && strings.Contains(text, "*") },
			want:  "&*",
		},
		"characters become plain": {
			text:  "Demo-27",
			shows: func(text string) bool { return len(text) == 7 },
			want:  "aaaaaaa",
		},
		"a digit stays one that must": {
			text:  "x: 97",
			shows: func(text string) bool { return strings.ContainsAny(text, "0123456789") && strings.Contains(text, ": ") },
			want:  ": 1",
		},
		"a broken character becomes plain": {
			text:  "\xffé😀",
			shows: func(text string) bool { return len([]rune(text)) == 3 },
			want:  "aaa",
		},
		"nothing can go": {
			text:  "ab",
			shows: func(text string) bool { return text == "ab" },
			want:  "ab",
		},
		"an empty text": {
			shows: func(string) bool { return true },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := Minimise(tc.text, tc.shows)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if !tc.shows(got) {
				t.Errorf("%q does not show what it is kept for", got)
			}
		})
	}
}

func TestMinimiseGivesUpInTime(t *testing.T) {
	attempts := 0
	text := strings.Repeat("a: b\n", 10_000)
	got := Minimise(text, func(shorter string) bool {
		attempts++
		return shorter == text
	})
	if got != text || attempts > maxAttempts {
		t.Errorf("got %d bytes after %d attempts, want all after at most %d", len(got), attempts, maxAttempts)
	}
}

func TestMinimiseFilesDropsFiles(t *testing.T) {
	got := minimiseFiles(Files{"a": "1x", "b": "2#", "c": "3"}, func(files Files) bool { return strings.Contains(files["b"], "#") })
	if quoted(got) != quoted(Files{"b": "#"}) {
		t.Errorf("got %s, want one file", quoted(got))
	}
}
