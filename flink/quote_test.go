package flink

import "testing"

func TestClip(t *testing.T) {
	cases := map[string]struct {
		most int
		want string
	}{
		"short":    {5, "short"},
		"too long": {7, "too …"},
		"grüße":    {6, "gr…"}, // not half of a character
	}
	for text, tc := range cases {
		if got := Clip(text, tc.most); got != tc.want || len(got) > tc.most {
			t.Errorf("%q to %d bytes: got %q, want %q", text, tc.most, got, tc.want)
		}
	}
}
