package flink

import (
	"errors"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// Bounds of one configuration file. A ConfigMap holds at most 1 MiB; the others keep a small file from growing into a large
// one through nesting and aliases.
const (
	maxFileBytes = 1 << 20
	// maxEntries and maxTextBytes bound what is flattened, and the keys and values that come of it: a deep map repeats its path in
	// each key, and an alias repeats a whole map.
	maxEntries   = 100_000
	maxTextBytes = 4 << 20
)

// tooLarge is why a configuration beyond the bounds has a gap. Flink may well load it: it is unknown, and not wrong.
const tooLarge = "the file is larger or deeper than what is read here"

// LoadStandard reads config.yaml as Flink from 1.19 on does (GlobalConfiguration.loadYAMLResource and flatten): nested maps are
// flattened with dots, lists become one line of YAML, and of two spellings of one option the later counts. A null value, a key
// written twice, a root that is no map, a second document or a key that is no text keep Flink from starting.
//
// source is the field that holds the text. Where Flink would refuse the file, Err says why, and Settings has what could be read
// all the same. A file beyond the bounds, or one whose reading depends on what is not known here, has a gap instead.
func LoadStandard(text, source string) Configuration {
	configuration := Configuration{Source: source}
	switch {
	case len(text) > maxFileBytes:
		configuration.Gaps = unread(tooLarge, source)
		return configuration
	case isWide(text):
		configuration.Gaps = unread("the file is encoded in UTF-16 or UTF-32", source)
		return configuration
	}
	root, err := yaml12.Load(text)
	recordFailure(&configuration, err, text)
	if root == nil {
		return configuration
	}
	flattener := flattener{source: source, last: map[string]int{}}
	flattener.root(root)
	configuration.Settings = flattener.settings
	recordFailure(&configuration, flattener.err, text)
	return configuration
}

// isWide finds the byte order marks with which snakeyaml-engine's YamlUnicodeReader reads a file in another encoding than UTF-8. A
// ConfigMap cannot hold such a file.
func isWide(text string) bool {
	return strings.HasPrefix(text, "\xfe\xff") || strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\x00\x00\xfe\xff")
}

// unread is the gap that a file leaves which is not read at all.
func unread(reason, source string) []Gap {
	return []Gap{{Reason: reason, Position: Position{Path: source}}}
}

// recordFailure records why a file is not loaded, or not known to be.
func recordFailure(c *Configuration, err error, text string) {
	refused, isRefused := errors.AsType[*yaml12.RefusedError](err)
	undecided, isUndecided := errors.AsType[*yaml12.UndecidedError](err)
	switch {
	case isUndecided:
		c.Gaps = append(c.Gaps, Gap{
			Reason:   undecided.Reason,
			Position: Position{Path: c.Source, Line: undecided.Line, Column: undecided.Column},
		})
	case isRefused && strings.Contains(text, "{{"):
		// A template that something renders before Flink reads it; what it becomes is not known.
		c.Gaps = unread("the file is a template", c.Source)
	case isRefused && c.Err == nil:
		c.Err = &LoadError{
			Reason:   reasonOf(refused),
			Position: Position{Path: c.Source, Line: refused.Line, Column: refused.Column},
		}
	}
}

func reasonOf(refused *yaml12.RefusedError) string {
	if rest, ok := strings.CutPrefix(refused.Reason, "a key "); ok && refused.Key != "" {
		return "the key " + quoteKey(refused.Key) + " " + rest
	}
	return refused.Reason
}

// flattener turns the value of a document into Flink's flat settings.
type flattener struct {
	source   string
	settings []Setting
	// last is the index of the last setting of each key, and nulls says which of the settings have no value.
	last               map[string]int
	nulls              map[int]bool
	entries, textBytes int
	// path holds the maps that are being flattened; one in it that comes again would never end.
	path   []*yaml12.Value
	dumper yaml12.Dumper
	// err is the first reason why the file is refused, or that it is too large, which ends the flattening.
	err  error
	full bool
}

func (f *flattener) root(root *yaml12.Value) {
	if root.Kind != yaml12.MapValue {
		f.refuse(yaml12.Mark{}, "", "the file is not a map of options")
		return
	}
	f.flatten("", root)
	f.dropNulls()
}

func (f *flattener) refuse(at yaml12.Mark, key, reason string) {
	if f.err == nil {
		f.err = &yaml12.RefusedError{Reason: reason, Key: key, Line: at.Line + 1, Column: at.Column + 1}
	}
}

// dropNulls refuses a key that ends up without a value (Configuration.setValueInternal). One that a later spelling of the same
// key gives a value does no harm.
func (f *flattener) dropNulls() {
	if len(f.nulls) == 0 {
		return
	}
	kept := f.settings[:0]
	for index, setting := range f.settings {
		if !f.nulls[index] {
			kept = append(kept, setting)
		} else if f.last[setting.Key] == index {
			f.refuse(yaml12.Mark{Line: setting.KeyLine - 1, Column: setting.KeyColumn - 1}, setting.Key, "a key has no value")
		}
	}
	f.settings = kept
}

func (f *flattener) flatten(prefix string, from *yaml12.Value) {
	f.path = append(f.path, from)
	for _, entry := range from.Entries {
		at := entry.KeyNode.Start
		f.entries++
		if f.exceeds(len(prefix)+len(entry.Key.Text), at) {
			break
		}
		if entry.Key.Kind != yaml12.TextValue && entry.Key.Kind != yaml12.NullValue {
			f.refuse(at, "", "a key is not text; put it into quotes")
			continue
		}
		// A null key becomes the text "null" where Java joins it to the path.
		key := prefix + entry.Key.Text
		switch {
		case entry.Value.Kind != yaml12.MapValue:
			f.add(key, entry)
		case slices.Contains(f.path, entry.Value):
			f.refuse(at, "", "a map contains itself")
		default:
			f.flatten(key+".", entry.Value)
		}
	}
	f.path = f.path[:len(f.path)-1]
}

// exceeds counts a text, and tells whether the bounds are crossed; then the flattening ends.
func (f *flattener) exceeds(length int, at yaml12.Mark) bool {
	f.textBytes += length
	if !f.full && (f.entries > maxEntries || f.textBytes > maxTextBytes) {
		f.full, f.err = true, &yaml12.UndecidedError{Reason: tooLarge, Line: at.Line + 1, Column: at.Column + 1}
	}
	return f.full
}

func (f *flattener) add(key string, entry yaml12.Entry) {
	at, keyAt := entry.ValueNode.Start, entry.KeyNode.Start
	setting := Setting{
		Key: key, Value: entry.Value.Text, Unknown: entry.Value.Unknown, Origin: OriginFile,
		KeyLine: keyAt.Line + 1, KeyColumn: keyAt.Column + 1,
		Position: Position{Path: f.source, Line: at.Line + 1, Column: at.Column + 1},
	}
	switch entry.Value.Kind {
	case yaml12.BoolValue, yaml12.IntValue, yaml12.FloatValue, yaml12.TextValue, yaml12.MapValue:
	case yaml12.NullValue:
		if f.nulls == nil {
			f.nulls = map[int]bool{}
		}
		f.nulls[len(f.settings)] = true
	case yaml12.ListValue, yaml12.SetValue:
		anchors := f.dumper.Anchors
		text, ok := f.dumper.Dump(entry.Value)
		if !ok || entry.Value.Kind == yaml12.SetValue && f.dumper.Anchors > anchors {
			setting.Unknown = "how Flink writes this list on one line is not known here"
		}
		setting.Value = text
	}
	if f.exceeds(len(setting.Value), at) {
		return
	}
	f.last[key] = len(f.settings)
	f.settings = append(f.settings, setting)
}
