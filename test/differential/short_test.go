package differential

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TestShortCasesLeaveNothingOut counts through the shortest texts.
func TestShortCasesLeaveNothingOut(t *testing.T) {
	around, characters := len(shortSurroundings()), len(shortCharacters())
	seen := map[string]bool{}
	length := 0
	for index := range 1 + characters + characters*characters {
		text := ShortCase(index * around).Files[flink.StandardFile] // the first surrounding is nothing
		if seen[text] {
			t.Fatalf("%q comes twice", text)
		}
		seen[text] = true
		if now := len([]rune(text)); now < length || now > 2 {
			t.Fatalf("%q comes after longer ones", text)
		} else {
			length = now
		}
	}
	if got := ShortCase(around + 1).Files[flink.StandardFile]; got != "a: a\n" {
		t.Errorf("got %q, want the first character in the second surrounding", got)
	}
}
