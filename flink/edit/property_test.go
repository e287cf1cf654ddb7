package edit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// generatedFiles is how many files of each kind are edited.
const generatedFiles = 4_000

// valuesOf is what Flink reads, without the package's own help.
func valuesOf(loader flink.Loader, text string) (map[string]string, error) {
	configuration := loader.Load(text, "")
	if configuration.Err != nil {
		return nil, errors.New(configuration.Err.Reason)
	}
	if len(configuration.Gaps) > 0 {
		return nil, errors.New(configuration.Gaps[0].Reason)
	}
	values := map[string]string{}
	for _, setting := range configuration.Settings {
		values[setting.Key] = setting.Value
		if setting.Unknown != "" {
			values[setting.Key] = "unknown: " + setting.Unknown
		}
	}
	return values, nil
}

// generatedEdit is a random edit of a random file.
type generatedEdit struct {
	loader     flink.Loader
	text       string
	key, value string
	before     map[string]string
}

// generateEdit returns false for a file that Flink would refuse.
func generateEdit(seed uint64, loader flink.Loader, hazards bool) (generatedEdit, bool) {
	g := newGenerator(seed, hazards)
	edit := generatedEdit{loader: loader, text: g.file(loader), key: g.key(), value: g.value(loader)}
	before, err := valuesOf(loader, edit.text)
	if err != nil {
		return edit, false
	}
	edit.before = before
	if keys := slices.Sorted(maps.Keys(before)); len(keys) > 0 && g.chance(60) {
		edit.key = keys[g.IntN(len(keys))]
	}
	return edit, true
}

func (e generatedEdit) String() string {
	return fmt.Sprintf("%s %q, key %q, value %q", e.loader, e.text, e.key, e.value)
}

// mayBeRefused tells whether an edit may be refused: where anchors are, and where a map has the name of the key.
func (e generatedEdit) mayBeRefused() bool {
	if e.loader == flink.LoaderLegacy {
		return false
	}
	for key := range e.before {
		if strings.HasPrefix(key, e.key+".") {
			return true
		}
	}
	return strings.Contains(e.text, "&x")
}

func forGenerated(t *testing.T, check func(t *testing.T, edit generatedEdit) (refused bool)) {
	t.Helper()
	for _, loader := range []flink.Loader{flink.LoaderLegacy, flink.LoaderStandard} {
		for _, hazards := range []bool{false, true} {
			tried, refusals := 0, 0
			for seed := range uint64(generatedFiles) {
				edit, ok := generateEdit(seed, loader, hazards)
				if !ok {
					continue
				}
				tried++
				if check(t, edit) {
					refusals++
					if !edit.mayBeRefused() {
						t.Errorf("refused without need: %v", edit)
					}
				}
				if t.Failed() {
					return
				}
			}
			if tried < generatedFiles/2 {
				t.Errorf("%s: only %d of %d files load", loader, tried, generatedFiles)
			}
			t.Logf("%s, hazards %v: %d edits, %d refused", loader, hazards, tried, refusals)
		}
	}
}

func TestSetGenerated(t *testing.T) {
	forGenerated(t, func(t *testing.T, edit generatedEdit) bool {
		edited, err := Set(edit.text, edit.loader, edit.key, edit.value)
		if err != nil {
			return true
		}
		want := maps.Clone(edit.before)
		want[edit.key] = edit.value
		checkReads(t, edit, edited, want)
		checkSetTouches(t, edit, edited)
		if again, err := Set(edited, edit.loader, edit.key, edit.value); err != nil || again != edited {
			t.Errorf("%v: setting %q again changes %q to %q (%v)", edit, edit.value, edited, again, err)
		}
		removed, err := Remove(edited, edit.loader, edit.key)
		if err != nil {
			return false // an anchor may hold it; TestRemoveGenerated says where that is right
		}
		delete(want, edit.key)
		checkReads(t, edit, removed, want)
		return false
	})
}

func TestRemoveGenerated(t *testing.T) {
	forGenerated(t, func(t *testing.T, edit generatedEdit) bool {
		edited, err := Remove(edit.text, edit.loader, edit.key)
		if err != nil {
			return true
		}
		want := maps.Clone(edit.before)
		delete(want, edit.key)
		checkReads(t, edit, edited, want)
		if _, set := edit.before[edit.key]; !set && edited != edit.text {
			t.Errorf("%v: removing nothing gives %q", edit, edited)
		}
		checkRemoveTouches(t, edit, edited)
		return false
	})
}

func checkReads(t *testing.T, edit generatedEdit, edited string, want map[string]string) {
	t.Helper()
	got, err := valuesOf(edit.loader, edited)
	if err != nil {
		t.Errorf("%v: the edited text %q is refused: %v", edit, edited, err)
	} else if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%v: the edited text %q reads (-want,+got):\n%s", edit, edited, diff)
	}
}

func splitLines(text string) []string {
	var lines []string
	for start := 0; start < len(text); {
		next := textedit.NextLine(text, start)
		lines = append(lines, text[start:next])
		start = next
	}
	return lines
}

// changedLines returns what is left of two texts without the lines that they begin and end with alike, and how many lines
// they begin with alike.
func changedLines(before, after string) (old, changed []string, first int) {
	old, changed = splitLines(before), splitLines(after)
	for len(old) > 0 && len(changed) > 0 && old[0] == changed[0] {
		old, changed, first = old[1:], changed[1:], first+1
	}
	for len(old) > 0 && len(changed) > 0 && old[len(old)-1] == changed[len(changed)-1] {
		old, changed = old[:len(old)-1], changed[:len(changed)-1]
	}
	return old, changed, first
}

// checkSetTouches holds Set to one place: a line that is new, or those of the old value.
func checkSetTouches(t *testing.T, edit generatedEdit, edited string) {
	t.Helper()
	old, changed, first := changedLines(edit.text, edited)
	if len(changed) > 3 {
		t.Errorf("%v: %d lines are new in %q", edit, len(changed), edited)
	}
	setting, isSet := edit.loader.Load(edit.text, "").Lookup(edit.key)
	switch {
	case !isSet && len(old) > 1:
		t.Errorf("%v: %d lines are gone in %q", edit, len(old), edited)
	case isSet && len(old) > 1 && (first+1 < setting.KeyLine || len(old) > 5):
		t.Errorf("%v: lines from %d on are changed in %q", edit, first+1, edited)
	}
	checkComments(t, edit, edited, strings.Contains(edit.text, "- # "))
}

// checkRemoveTouches: every line that is left was there before, or is one of a map in braces that is shorter now.
func checkRemoveTouches(t *testing.T, edit generatedEdit, edited string) {
	t.Helper()
	if strings.Contains(edit.text, "{") {
		return
	}
	lines := splitLines(strings.TrimPrefix(edit.text, byteOrderMark))
	for _, line := range splitLines(strings.TrimPrefix(edited, byteOrderMark)) {
		at := slices.IndexFunc(lines, func(old string) bool { return strings.TrimRight(old, "\r\n") == strings.TrimRight(line, "\r\n") })
		if at < 0 && strings.TrimSpace(line) == "{}" {
			continue // it stands for the document
		}
		if at < 0 {
			t.Errorf("%v: the line %q is new in %q", edit, line, edited)
			return
		}
		lines = lines[at+1:]
	}
	for _, line := range splitLines(edit.text) {
		isComment := strings.HasPrefix(strings.TrimLeft(line, " "), "# comment")
		if isComment && !strings.ContainsAny(edit.text, "|>") && !strings.Contains(edited, strings.TrimSpace(line)) {
			t.Errorf("%v: the comment %q is gone from %q", edit, line, edited)
		}
	}
}

// checkComments: every comment stays, but for those within a list that is replaced.
func checkComments(t *testing.T, edit generatedEdit, edited string, hasList bool) {
	t.Helper()
	if hasList {
		return
	}
	for number := 1; ; number++ {
		comment := fmt.Sprintf("# comment %d: x", number)
		if number > 40 {
			return
		}
		if strings.Count(edit.text, comment) != strings.Count(edited, comment) {
			t.Errorf("%v: %q is gone from %q", edit, comment, edited)
			return
		}
	}
}
