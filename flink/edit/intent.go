package edit

import "github.com/flink-ha/flink-ha-webhook/flink"

// reading is what Flink holds for a key: a value, or why it is not known.
type reading struct {
	value, unknown string
}

// intent is what Flink has to read from a text once it is edited.
type intent struct {
	loader   flink.Loader
	settings map[string]reading
}

// intentOf is what Flink reads now.
func intentOf(loader flink.Loader, configuration flink.Configuration) intent {
	return intent{loader: loader, settings: readings(configuration)}
}

func readings(configuration flink.Configuration) map[string]reading {
	settings := make(map[string]reading, len(configuration.Settings)+1)
	for _, setting := range configuration.Settings {
		settings[setting.Key] = reading{value: setting.Value, unknown: setting.Unknown}
	}
	return settings
}

// holds tells whether Flink reads exactly what is intended from a text. Where it would refuse the text, why is returned too.
func (i intent) holds(text string) (bool, *flink.LoadError) {
	configuration := i.loader.Load(text, "")
	if configuration.Err != nil || len(configuration.Gaps) > 0 {
		return false, configuration.Err
	}
	settings := readings(configuration)
	if len(settings) != len(i.settings) {
		return false, nil
	}
	for key, want := range i.settings {
		if got, ok := settings[key]; !ok || got != want {
			return false, nil
		}
	}
	return true, nil
}

// firstThatHolds makes the first of several edits after which Flink reads what is intended.
func (i intent) firstThatHolds(text string, proposals []proposal) (edited string, ok bool) {
	for _, next := range proposals {
		if edited, ok := next.Apply(text); ok {
			if holds, _ := i.holds(edited); holds {
				return edited, true
			}
		}
	}
	return "", false
}
