package validation

import (
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

// nearMiss tells why Flink passes over something that was meant for one of the keys: a line that it ignores, or a key that
// differs only in case or punctuation. It is "" if there is nothing of the kind.
func (s Subject) nearMiss(keys ...string) string {
	for _, ignored := range s.Configuration.Ignored {
		for _, key := range keys {
			if normalizeKey(ignored.Key) == normalizeKey(key) {
				return "Flink ignores " + ignored.Position.String() + ": " + ignored.Reason
			}
		}
	}
	for _, setting := range s.Configuration.Settings {
		for _, key := range keys {
			if setting.Key != key && normalizeKey(setting.Key) == normalizeKey(key) {
				return "Flink does not know the key " + Show(setting.Key) + " at " + setting.Position.String()
			}
		}
	}
	return ""
}

// normalizeKey makes storage-dir, storagedir and storageDir alike.
func normalizeKey(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "", " ", "").Replace(key))
}
