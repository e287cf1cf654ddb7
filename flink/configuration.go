package flink

import (
	"fmt"
	"slices"
)

// Position is where a setting stands inside a Kubernetes object.
type Position struct {
	// Path of the field in the object, for example data["flink-conf.yaml"] or spec.template.spec.containers[0].args[2].
	Path string
	// Line and Column count from 1 inside the text of that field; both are 0 where the field is the setting itself.
	Line, Column int
}

// Setting is one option as Flink would hold it: a key, its value as text, and where it was written.
type Setting struct {
	Key   string
	Value string
	Position
}

// Ignored is a place that looks like a setting and that Flink passes over. The text itself is not kept, since a
// configuration may hold passwords; Key is what stands where a key would be, as far as that can be told.
type Ignored struct {
	Key    string
	Reason string
	Position
}

// LoadError says why and where Flink would refuse to load a file; the process then does not start.
type LoadError struct {
	Reason string
	Position
}

// Configuration is what is known of the options of one Flink process.
type Configuration struct {
	// Settings in the order in which Flink takes them; of several with one key the last counts.
	Settings []Setting
	Ignored  []Ignored
	// Err is set where Flink would refuse the file. Settings then holds what could be read all the same.
	Err *LoadError
	// Source is the field that holds the configuration as a whole: the place where a missing line belongs.
	Source string
	// Incomplete says why there may be options that are not in Settings, for instance because they come from a ConfigMap
	// that is not at hand. It is empty when Settings is all there is. What an incomplete configuration does not say is
	// unknown, and not missing.
	Incomplete string
}

// Lookup returns the setting that counts for a key.
func (c Configuration) Lookup(key string) (Setting, bool) {
	for _, setting := range slices.Backward(c.Settings) {
		if setting.Key == key {
			return setting, true
		}
	}
	return Setting{}, false
}

// LookupFirst returns the setting of the first key that is set: an option's key followed by its fallback keys, in Flink's
// order (org.apache.flink.configuration.Configuration.applyWithOption).
func (c Configuration) LookupFirst(keys ...string) (Setting, bool) {
	for _, key := range keys {
		if setting, ok := c.Lookup(key); ok {
			return setting, true
		}
	}
	return Setting{}, false
}

// Overlay returns the configuration with another's settings on top, as dynamic properties lie on top of a file.
func (c Configuration) Overlay(top Configuration) Configuration {
	merged := Configuration{
		Settings:   append(append([]Setting{}, c.Settings...), top.Settings...),
		Ignored:    append(append([]Ignored{}, c.Ignored...), top.Ignored...),
		Err:        c.Err,
		Source:     c.Source,
		Incomplete: c.Incomplete,
	}
	if merged.Err == nil {
		merged.Err = top.Err
	}
	if merged.Source == "" {
		merged.Source = top.Source
	}
	if merged.Incomplete == "" {
		merged.Incomplete = top.Incomplete
	}
	return merged
}

// String returns the path, followed by line and column where there are any: data["config.yaml"]:3:5.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.Path
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Path, p.Line, p.Column)
}
