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

// Origin is the kind of place that a setting comes from.
type Origin string

// The origins, from the one that counts least to the one that counts most.
const (
	OriginOperatorDefault Origin = "operator-default"
	OriginFile            Origin = "file"
	OriginEnvironment     Origin = "environment"
	OriginCustomResource  Origin = "custom-resource"
	OriginArgument        Origin = "argument"
)

// Setting is one option as Flink would hold it: a key, its value as text, and where the value was written.
type Setting struct {
	Key   string
	Value string
	// Unknown says why the value that Flink will have cannot be known here, although the key is set. Value is then what is
	// written, or "". It is empty for a value that is known.
	Unknown string
	Origin  Origin
	// Cut is true where flink-conf.yaml has a '#' right behind the value: to Flink the rest is a comment, whatever its author
	// meant.
	Cut bool
	// KeyLine and KeyColumn are where the key stands, in the same field as the value.
	KeyLine, KeyColumn int
	Position
}

// Gap is a place that may set options and cannot be read here, such as a ConfigMap that is not at hand.
type Gap struct {
	Reason string
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
	// Refused is set where the process would not start with the arguments that it is given, whatever its file says.
	Refused *LoadError
	// Source is the field that holds the configuration as a whole: the place where a missing line belongs.
	Source string
	// Gaps are the places that may set options that are not in Settings. What a configuration with gaps does not say is
	// unknown, and not missing.
	Gaps []Gap
}

// Complete tells whether Settings is all there is.
func (c Configuration) Complete() bool { return len(c.Gaps) == 0 }

// Lookup returns the setting that counts for a key.
func (c Configuration) Lookup(key string) (Setting, bool) {
	for _, setting := range slices.Backward(c.Settings) {
		if setting.Key == key {
			return setting, true
		}
	}
	return Setting{}, false
}

// Overlay returns the configuration with another's settings on top, as dynamic properties lie on top of a file.
func (c Configuration) Overlay(top Configuration) Configuration {
	merged := Configuration{
		Settings: concat(c.Settings, top.Settings),
		Ignored:  concat(c.Ignored, top.Ignored),
		Gaps:     concat(c.Gaps, top.Gaps),
		Err:      c.Err,
		Refused:  c.Refused,
		Source:   c.Source,
	}
	if merged.Err == nil {
		merged.Err = top.Err
	}
	if merged.Refused == nil {
		merged.Refused = top.Refused
	}
	if merged.Source == "" {
		merged.Source = top.Source
	}
	return merged
}

// concat is one slice after the other, and the one itself, which nobody appends to, where the other is empty.
func concat[T any](one, other []T) []T {
	switch {
	case len(other) == 0:
		return slices.Clip(one)
	case len(one) == 0:
		return slices.Clip(other)
	}
	return slices.Concat(one, other)
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
