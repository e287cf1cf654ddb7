package differential

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Reading is what a configuration means to us.
type Reading struct {
	// Settings as Flink would hold them, the last of several with one key.
	Settings map[string]string
	// Refused says why Flink would not load it.
	Refused string
	// Unknown says why we do not claim to know a setting, by key; the key "" stands for the whole configuration.
	Unknown map[string]string
}

// Reader reads a configuration as a version of Flink would.
type Reader func(files Files, version flink.Version) Reading

// OurFiles reads the files of a configuration directory.
func OurFiles(files Files, version flink.Version) Reading {
	configuration, ok := ourConfiguration(files, version)
	if !ok {
		return Reading{Refused: "there is no file that this version reads"}
	}
	return readingOf(configuration)
}

// ourConfiguration is false where there is no file that the version reads.
func ourConfiguration(files Files, version flink.Version) (flink.Configuration, bool) {
	name := flink.ChooseFile(version, func(name string) bool { _, ok := files[name]; return ok }).Name
	loader, ok := flink.LoaderOf(name)
	if !ok {
		return flink.Configuration{}, false
	}
	return loader.Load(files[name], name), true
}

func readingOf(configuration flink.Configuration) Reading {
	reading := Reading{Settings: map[string]string{}, Unknown: map[string]string{}}
	for _, setting := range configuration.Settings {
		reading.Settings[setting.Key] = setting.Value
		delete(reading.Unknown, setting.Key)
		if setting.Unknown != "" {
			reading.Unknown[setting.Key] = setting.Unknown
		}
	}
	for _, gap := range configuration.Gaps {
		reading.Unknown[""] = gap.Reason
	}
	if configuration.Err != nil {
		reading.Refused = configuration.Err.Reason
	}
	return reading
}

// reasons are what we say why something is unknown to us.
func (r Reading) reasons() []string {
	return slices.Compact(slices.Sorted(maps.Values(r.Unknown)))
}

// String is the reading in one line, settings quoted.
func (r Reading) String() string {
	var parts []string
	if r.Refused != "" {
		parts = append(parts, "refused: "+r.Refused)
	}
	if r.Refused == "" || len(r.Settings) > 0 {
		parts = append(parts, settingsText(r.Settings))
	}
	for _, key := range slices.Sorted(maps.Keys(r.Unknown)) {
		parts = append(parts, fmt.Sprintf("unknown %q: %s", key, r.Unknown[key]))
	}
	return strings.Join(parts, "; ")
}

func settingsText(settings map[string]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		parts = append(parts, fmt.Sprintf("%q: %q", key, settings[key]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
