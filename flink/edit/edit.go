package edit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// maxBytes bounds key and value. A file is bounded by its loader.
const maxBytes = 1 << 20

// RefusedError says why an edit is not made, and what can be done by hand. It holds nothing of any value.
type RefusedError struct {
	Reason string
	// Line and Column count from 1, in the text that was to be edited. Both are 0 where the reason is about no place in it.
	Line, Column int
}

func (e *RefusedError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason)
}

// Set returns the text with which Flink reads what it reads now, and value for key. The text comes back unchanged where Flink
// reads that already. A file that Flink refuses only because key has no value is mended.
//
// The value is the text that Configuration.toMap is to have. The error is a RefusedError.
func Set(text string, loader flink.Loader, key, value string) (string, error) {
	switch {
	case key == "":
		return "", &RefusedError{Reason: "there is no key"}
	case len(key)+len(value) > maxBytes:
		return "", &RefusedError{Reason: "key and value are larger than a configuration file may be"}
	case !utf8.ValidString(key), !utf8.ValidString(value):
		return "", &RefusedError{Reason: "the key or the value is not encoded in UTF-8"}
	}
	before := loader.Load(text, "")
	if refused := unreadable(before); refused != nil {
		return "", refused
	}
	after := intentOf(loader, before)
	if held, ok := after.settings[key]; ok && held == (reading{value: value}) && before.Err == nil {
		return text, nil
	}
	after.settings[key] = reading{value: value}
	if loader == flink.LoaderLegacy {
		return setLegacy(text, before, after, key, value)
	}
	return setStandard(text, before, after, key, value)
}

// Remove returns the text with which Flink reads what it reads now, without key, however often and in whatever spelling the
// key is written. The text comes back unchanged where the key is not set.
//
// The error is a RefusedError.
func Remove(text string, loader flink.Loader, key string) (string, error) {
	before := loader.Load(text, "")
	if refused := unreadable(before); refused != nil {
		return "", refused
	}
	after := intentOf(loader, before)
	delete(after.settings, key)
	if loader == flink.LoaderLegacy {
		return removeLegacy(text, before, after, key)
	}
	return removeStandard(text, before, after, key)
}

// unreadable refuses a file whose reading is not known as a whole: what an edit would do to it is not known either.
func unreadable(before flink.Configuration) *RefusedError {
	if len(before.Gaps) == 0 {
		return nil
	}
	gap := before.Gaps[0]
	return &RefusedError{
		Reason: "how Flink reads the file is not known here (" + gap.Reason + "); edit it by hand",
		Line:   gap.Line, Column: gap.Column,
	}
}

// broken refuses a file that Flink refuses, for another reason than the edit would mend.
func broken(before *flink.LoadError) *RefusedError {
	return &RefusedError{
		Reason: "Flink does not load the file (" + before.Reason + "); mend that first",
		Line:   before.Line, Column: before.Column,
	}
}

// hasLineBreak knows every character that one of the two grammars, or a viewer, takes for the end of a line.
func hasLineBreak(text string) bool { return strings.ContainsAny(text, "\n\r\u0085\u2028\u2029") }
