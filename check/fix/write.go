package fix

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/edit"
)

var (
	errLoader   = errors.New("which of Flink's files this is meant to be is not known; edit it by hand")
	errNoOption = errors.New("there is neither a configuration file nor a map of options; edit it by hand")
	errNoText   = errors.New("the value of an option is not a text")
)

// write gives what is at the address a value, or takes it away where the value is nil.
func (a address) write(value any) error {
	switch {
	case a.isBare():
		text, err := a.configuration(a.text, value)
		if err == nil {
			a.target.text = text
		}
		return err
	case a.key == "":
		return a.edit(a.path, nil, value)
	}
	there, err := a.object().At(a.path)
	if err != nil {
		return err
	}
	switch there := there.(type) {
	case string:
		text, err := a.configuration(there, value)
		if err != nil {
			return err
		}
		return a.edit(a.path, nil, text)
	case map[string]any:
		return a.option(there, value)
	case nil:
		if strings.HasSuffix(a.path, "]") {
			return errNoOption
		}
		if value == nil {
			return nil
		}
		return a.edit(a.path, []string{a.key}, value)
	}
	return errNoOption
}

// edit gives a field of the object, or one below it, a value.
func (a address) edit(at string, names []string, value any) error {
	next := manifest.Edit{Object: a.ordinal, Path: at, Names: names, Value: value}
	if value == nil {
		next.Action = manifest.Remove
	}
	edited, err := a.documents[a.document].With(next)
	if err == nil {
		a.documents[a.document] = edited
	}
	return err
}

// configuration is the text of one of Flink's files with the option changed.
func (a address) configuration(text string, value any) (string, error) {
	loader, ok := flink.LoaderAt(a.path)
	if ok {
		return a.changed(text, loader, value)
	}
	// The file has a name that only the mount changes. What both grammars make the same of is right by either.
	legacy, err := a.changed(text, flink.LoaderLegacy, value)
	if err != nil {
		return "", errLoader
	}
	standard, err := a.changed(text, flink.LoaderStandard, value)
	if err != nil || standard != legacy {
		return "", errLoader
	}
	return standard, nil
}

func (a address) changed(text string, loader flink.Loader, value any) (string, error) {
	if value == nil {
		return edit.Remove(text, loader, a.key)
	}
	written, err := textFor(value)
	if err != nil {
		return "", err
	}
	return edit.Set(text, loader, a.key, written)
}

func textFor(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case bool, int, int64, float64:
		return fmt.Sprint(value), nil
	}
	return "", errNoText
}

// option changes an option in a map, flat or nested: wherever it is spelled, or flat where it is not there yet.
func (a address) option(options map[string]any, value any) error {
	spellings := spelled(options, a.key)
	if len(spellings) == 0 {
		if value == nil {
			return nil
		}
		spellings = [][]string{{a.key}}
	}
	for _, names := range spellings {
		if err := a.edit(a.path, names, value); err != nil {
			return err
		}
	}
	return nil
}

// spelled are the ways to an option through maps within maps, the keys of which are joined with dots.
func spelled(options map[string]any, key string) [][]string {
	var found [][]string
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if name == key {
			found = append(found, []string{name})
			continue
		}
		nested, ok := options[name].(map[string]any)
		if rest, isBelow := strings.CutPrefix(key, name+"."); ok && isBelow {
			for _, way := range spelled(nested, rest) {
				found = append(found, append([]string{name}, way...))
			}
		}
	}
	return found
}
