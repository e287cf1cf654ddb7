package validation

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// found is the value of a setting, or nil where there is none.
func found(setting flink.Setting, ok bool) *string {
	if !ok {
		return nil
	}
	return &setting.Value
}

// place is where a setting stands, or the field where it belongs if it is not written anywhere.
func (s *Subject) place(setting flink.Setting) flink.Position {
	if setting.Path != "" {
		return setting.Position
	}
	return flink.Position{Path: s.Configuration.Source}
}

// line is the exact text to write for an option, in the form of the place where it goes.
func line(at flink.Position, key, value string) string {
	if strings.Contains(at.Path, ".args") || strings.Contains(at.Path, ".command") {
		return `"-D", "` + key + "=" + value + `"`
	}
	return key + ": " + value
}

// explained is a violation about an option that is missing, with the near miss that may be why: what Flink passes over although
// it was meant for the option.
func (s *Subject) explained(violation Violation) Violation {
	miss := s.nearMiss(violation.Option)
	violation.Detail, violation.Cause, violation.Target = miss.detail, miss.cause, miss.target
	if written := miss.written; written.Key != "" && !movesState(violation.Option) && !isKeyOfFlink(written.Key) && s.suits(violation.Option, written.Value) {
		violation.Fix = s.rename(written, violation.Setting)
	}
	return violation
}

// miss is something that was meant for an option and that Flink passes over.
type miss struct {
	// detail says why, and cause where it is; both are zero if there is nothing of the kind.
	detail string
	cause  flink.Position
	target Target
	// written is the setting that has another key.
	written flink.Setting
}

// nearMiss tells why Flink passes over something that was meant for an option: a line that it ignores, or a key that differs
// from its keys in case, punctuation or a letter.
func (s *Subject) nearMiss(key string) miss {
	keys := flink.Keys(key, s.Version)
	for _, ignored := range s.Configuration.Ignored {
		if resemblesAny(firstWord(ignored.Key), keys) {
			return miss{
				detail: "Flink ignores " + ignored.Position.String() + ": " + s.whyIgnored(ignored), cause: ignored.Position,
				target: Target{Position: ignored.Position, Key: true},
			}
		}
	}
	for _, setting := range s.Configuration.Settings {
		if !slices.Contains(keys, setting.Key) && resemblesAny(setting.Key, keys) {
			return miss{
				detail: "Flink does not know the key " + Show(setting.Key) + " at " + setting.Position.String(), cause: setting.Position,
				target: keyOf(setting), written: setting,
			}
		}
	}
	return miss{}
}

// isKeyOfFlink tells whether a key is, or was, one of some option of the catalogue.
func isKeyOfFlink(key string) bool { return allSpellings()[key] != "" }

// whyIgnored is why Flink ignores a line. Lines below it that are indented were meant to belong to it, as in YAML.
func (s *Subject) whyIgnored(ignored flink.Ignored) string {
	if s.hasNested(ignored) {
		return "flink-conf.yaml is no YAML, and the lines below it are read by themselves"
	}
	return ignored.Reason
}

// hasNested tells whether the line after one that has a key only is indented further.
func (s *Subject) hasNested(ignored flink.Ignored) bool {
	return ignored.Reason == flink.NoValue && slices.ContainsFunc(s.Configuration.Settings, func(setting flink.Setting) bool {
		return setting.KeyLine == ignored.Line+1 && setting.KeyColumn > ignored.Column && setting.Path == ignored.Path
	})
}

// firstWord is what a line that Flink ignores was probably meant to set: what stands before a blank or an equal sign.
func firstWord(text string) string {
	if end := strings.IndexAny(text, " \t="); end >= 0 {
		return text[:end]
	}
	return text
}

func resemblesAny(written string, keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return resembles(written, key) || nearly(written, key) })
}

// resembles tells whether two keys differ at most in case and punctuation, as storage-dir, storage_dir and storageDir do. It
// allocates nothing, since a file may have as many lines as fit into a ConfigMap.
func resembles(written, key string) bool {
	for {
		written, key = strings.TrimLeft(written, punctuation), strings.TrimLeft(key, punctuation)
		if written == "" || key == "" {
			return written == key
		}
		if lower(written[0]) != lower(key[0]) {
			return false
		}
		written, key = written[1:], key[1:]
	}
}

const punctuation = "-_. "

func lower(letter byte) byte {
	if letter >= 'A' && letter <= 'Z' {
		return letter + 'a' - 'A'
	}
	return letter
}

// Bounds of what is taken for a slip of the finger.
const (
	// maxSlip is how many letters may be wrong, missing or too many, in one place.
	maxSlip = 2
	// minSlipped is the length of the shortest key in which one is looked for; others are too close to each other.
	minSlipped = 12
)

// nearly tells whether two keys differ in one place and by a letter or two, as high-availabilty.type and high-availability.type do.
func nearly(written, key string) bool {
	return len(key) >= minSlipped && slips(written, key)
}

// slips tells the same of two words of any length.
func slips(written, key string) bool {
	if len(written)-len(key) > maxSlip || len(key)-len(written) > maxSlip {
		return false
	}
	for written != "" && key != "" && lower(written[0]) == lower(key[0]) {
		written, key = written[1:], key[1:]
	}
	for written != "" && key != "" && lower(written[len(written)-1]) == lower(key[len(key)-1]) {
		written, key = written[:len(written)-1], key[:len(key)-1]
	}
	return len(written) <= maxSlip && len(key) <= maxSlip
}
