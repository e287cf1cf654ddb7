package flink

import (
	"fmt"
	"slices"
)

// Reading is what a Flink process makes of one option.
type Reading struct {
	// Setting is the one that counts, under whatever spelling, if Set is true. Where Unknown is not empty it is the one that
	// counts as far as can be seen.
	Setting Setting
	Set     bool
	// Shadowed are set under spellings that Flink tries later, in its order; it passes over them.
	Shadowed []Setting
	// Unread are set under spellings that other versions know and this one does not; it passes over them too.
	Unread []Setting
	// Unknown says why it cannot be known what Flink reads, "" if it can. What is not set is unknown where something may set it
	// out of sight.
	Unknown string
	// Default is the text of the default value, which counts if nothing is set; "" for none.
	Default string
}

// Value is the text that Flink has for the option: what is set, or the default. It is not known where Unknown says so.
func (r Reading) Value() string {
	if r.Set {
		return r.Setting.Value
	}
	return r.Default
}

// Get reads the option with that newest spelling as a Flink of the version does: its keys in their order, the first that is set
// counts (org.apache.flink.configuration.Configuration.applyWithOption).
//
// A version that is not known exactly may read an option in several ways. Versions that find nothing, where others find
// something, do not count: a key is written for a version that knows it. If the others differ in what they find, the reading is
// unknown.
func (c Configuration) Get(key string, version Version) Reading {
	option := OptionOf(key)
	if eras := option.erasOf(version); len(eras) == 1 {
		reading := c.read(eras[0])
		reading.Unread = c.unread(option, eras[0])
		return reading
	}
	readings := c.readings(key, version)
	newest := readings[len(readings)-1].Reading
	for _, other := range readings[:len(readings)-1] {
		if newest.Unknown == "" && other.Setting.Value != newest.Setting.Value {
			newest.Unknown = disagreement(other.Setting, newest.Setting)
		}
	}
	return newest
}

// disagreement names keys and no values, which may be secrets.
func disagreement(older, newer Setting) string {
	return fmt.Sprintf("older versions of Flink read %s, newer ones %s, and the version is not known", older.Key, newer.Key)
}

// eraReading is what the versions of one era read.
type eraReading struct {
	Reading
	era Era
}

// readings are what the eras read that a version may be in, oldest first: those that find something, or the newest one.
func (c Configuration) readings(key string, version Version) []eraReading {
	option := OptionOf(key)
	eras := option.erasOf(version)
	readings := make([]eraReading, 0, len(eras))
	for _, era := range eras {
		readings = append(readings, eraReading{Reading: c.read(era), era: era})
	}
	found := slices.DeleteFunc(slices.Clone(readings), func(r eraReading) bool { return !r.Set })
	if len(found) == 0 {
		found = readings[len(readings)-1:]
	}
	if len(eras) == 1 {
		found[0].Unread = c.unread(option, eras[0])
	}
	return found
}

// read applies one era's keys.
func (c Configuration) read(era Era) Reading {
	reading := Reading{Default: era.Default}
	fallback := false
	for i, key := range era.Keys {
		setting, ok := c.Lookup(key)
		switch {
		case !ok:
		case reading.Set:
			reading.Shadowed = append(reading.Shadowed, setting)
		default:
			reading.Setting, reading.Set, fallback = setting, true, i > 0
		}
	}
	switch {
	case reading.Set && reading.Setting.Unknown != "":
		reading.Unknown = reading.Setting.Unknown
	case len(c.Gaps) == 0 || len(era.Keys) == 0:
	case !reading.Set:
		reading.Unknown = "it may be set where it cannot be read: " + c.Gaps[0].Reason
	case fallback:
		reading.Unknown = fmt.Sprintf("%s would count more and may be set where it cannot be read: %s", era.Keys[0], c.Gaps[0].Reason)
	}
	return reading
}

// unread finds settings under keys of other eras.
func (c Configuration) unread(option Option, now Era) []Setting {
	if len(option.Eras) == 1 {
		return nil
	}
	var unread []Setting
	var seen []string
	for _, era := range slices.Backward(option.Eras) {
		for _, key := range era.Keys {
			if slices.Contains(now.Keys, key) || slices.Contains(seen, key) {
				continue
			}
			seen = append(seen, key)
			if setting, ok := c.Lookup(key); ok {
				unread = append(unread, setting)
			}
		}
	}
	return unread
}
