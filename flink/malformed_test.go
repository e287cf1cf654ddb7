package flink

import "testing"

func TestReplaceMalformed(t *testing.T) {
	// What java.io.InputStreamReader of Java 17 made of these bytes.
	for text, want := range map[string]string{
		"plain é":            "plain é",
		"\xff":               "\uFFFD",
		"a\xe2\x82b":         "a\uFFFDb",
		"\xe2\x82":           "\uFFFD",
		"\xe0\x80\x80":       "\uFFFD\uFFFD\uFFFD",
		"\xed\xa0\x80":       "\uFFFD",
		"\xf0\x9f\x98":       "\uFFFD",
		"\xf0\x9f":           "\uFFFD",
		"\xf4\x90\x80\x80":   "\uFFFD\uFFFD\uFFFD\uFFFD",
		"\xc0\xaf":           "\uFFFD\uFFFD",
		"\xf5\x80\x80\x80é":  "\uFFFD\uFFFD\uFFFD\uFFFDé",
		"\xf0\x80\x80\x80 x": "\uFFFD\uFFFD\uFFFD\uFFFD x",
	} {
		if got := replaceMalformed(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
