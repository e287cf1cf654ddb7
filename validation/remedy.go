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
func (s Subject) place(setting flink.Setting) flink.Position {
	if setting.Path != "" {
		return setting.Position
	}
	return flink.Position{Path: s.Configuration.Source}
}

// line is the exact text to write for an option, in the form of the place where it goes.
func line(at flink.Position, key, value string) string {
	if strings.Contains(at.Path, ".args") || strings.Contains(at.Path, ".command") {
		return "-D " + key + "=" + value
	}
	return key + ": " + value
}

// nearMiss tells why Flink passes over something that was meant for an option: a line that it ignores, or a key that differs
// from its keys only in case or punctuation. It is "" if there is nothing of the kind.
func (s Subject) nearMiss(key string) string {
	keys := flink.Keys(key, s.Version)
	for _, ignored := range s.Configuration.Ignored {
		if resemblesAny(ignored.Key, keys) {
			return "Flink ignores " + ignored.Position.String() + ": " + ignored.Reason
		}
	}
	for _, setting := range s.Configuration.Settings {
		if !slices.Contains(keys, setting.Key) && resemblesAny(setting.Key, keys) {
			return "Flink does not know the key " + Show(setting.Key) + " at " + setting.Position.String()
		}
	}
	return ""
}

func resemblesAny(written string, keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return resembles(written, key) })
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
