package configuration

import (
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// loaderNone is the loader of a workload: its file is one source of several.
const loaderNone flink.Loader = ""

// Reading is what Flink makes of a configuration file, or of all that configures a process or a custom resource.
type Reading struct {
	// Place of the file, or of the object in its manifest.
	manifest.Place
	// Object is the kind and the name of the Kubernetes object, "" for a file on its own; Part is what of it is meant: a data
	// key, or a container.
	Object, Part string
	Loader       flink.Loader
	// Version of Flink that was named, or that the image or the custom resource names.
	Version flink.Version
	// Origin of most settings, which goes without saying.
	Origin flink.Origin
	// Notes say which of the possible readings this is, and why.
	Notes []string
	// Settings in the order in which Flink takes them, for files that of the lines: Counts is false for one that a later one
	// with the same key replaces.
	Settings []Setting
	Ignored  []Remark
	// Unknown are the sources of settings that are not known here.
	Unknown []Remark
	// Refusal is set where Flink would not load the configuration. There are no settings then.
	Refusal *Remark
}

// Setting is an option with the place of its value in a file that was given.
type Setting struct {
	flink.Setting
	manifest.Place
	Key    manifest.Place
	Counts bool
	// ReplacedBy is the place of the setting that counts instead.
	ReplacedBy manifest.Place
}

// Remark is something that is to be said of a place.
type Remark struct {
	manifest.Place
	// Key is what stands there where a key would be, as far as that can be told.
	Key    string
	Reason string
}

// A locator turns a position as package flink knows it into a place in a file.
type locator func(flink.Position) manifest.Place

// newReading takes over a configuration.
func newReading(configuration flink.Configuration, locate locator) Reading {
	reading := Reading{Origin: flink.OriginFile}
	if refused := configuration.Err; refused != nil {
		reading.Refusal = &Remark{Place: locate(refused.Position), Reason: refused.Reason}
	} else {
		reading.Settings = locateSettings(configuration.Settings, locate)
	}
	for _, ignored := range configuration.Ignored {
		reading.Ignored = append(reading.Ignored, Remark{Place: locate(ignored.Position), Key: ignored.Key, Reason: ignored.Reason})
	}
	for _, gap := range configuration.Gaps {
		reading.Unknown = append(reading.Unknown, Remark{Place: locate(gap.Position), Reason: gap.Reason})
	}
	return reading
}

func locateSettings(settings []flink.Setting, locate locator) []Setting {
	located := make([]Setting, 0, len(settings))
	counts := make(map[string]int, len(settings))
	for i, setting := range settings {
		place := Setting{Setting: setting}
		if setting.KeyLine > 0 {
			place.Key = locate(flink.Position{Path: setting.Path, Line: setting.KeyLine, Column: setting.KeyColumn})
		}
		place.Place = locate(setting.Position)
		located = append(located, place)
		counts[setting.Key] = i
	}
	for i := range located {
		last := counts[settings[i].Key]
		located[i].Counts = i == last
		if i != last {
			located[i].ReplacedBy = located[last].Place
		}
	}
	return located
}
