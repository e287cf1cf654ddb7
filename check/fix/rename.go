package fix

import (
	"maps"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/edit"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// isRename tells whether two changes give a setting another key: the first takes the old key away, the second writes the new one.
func isRename(first, second validation.Change) bool {
	return first.Path == second.Path && first.Key != "" && second.Key != "" && first.Key != second.Key && first.Value == nil && second.Value != nil
}

// rename gives a setting another key where it stands, so that it keeps its line and the comment behind it. It returns false, and
// changes nothing, where that does not come to the same as taking the old key away and writing the new one.
func (a address) rename(key string, value any) bool {
	if a.isBare() {
		text, ok := a.renamed(a.text, key, value)
		if ok {
			a.target.text = text
		}
		return ok
	}
	there, err := a.object().At(a.path)
	if err != nil {
		return false
	}
	switch there := there.(type) {
	case string:
		text, ok := a.renamed(there, key, value)
		return ok && a.edit(a.path, nil, text) == nil
	case map[string]any:
		_, taken := there[key]
		if was, ok := there[a.key].(string); !ok || taken || any(was) != value || len(spelled(there, a.key)) > 1 || len(spelled(there, key)) > 0 {
			return false
		}
		edited, err := a.documents[a.document].With(manifest.Edit{Object: a.ordinal, Path: a.path, Names: []string{a.key}, Action: manifest.Rename, Value: key})
		if err == nil {
			a.documents[a.document] = edited
		}
		return err == nil
	}
	return false
}

// renamed writes the new key over the old one in the text of one of Flink's files.
func (a address) renamed(text, key string, value any) (string, bool) {
	loader, ok := flink.LoaderAt(a.path)
	written, err := textFor(value)
	if !ok || err != nil {
		return "", false
	}
	meant, err := edit.Remove(text, loader, a.key)
	if err != nil {
		return "", false
	}
	if meant, err = edit.Set(meant, loader, key, written); err != nil {
		return "", false
	}
	setting, ok := loader.Load(text, "").Lookup(a.key)
	if !ok || setting.KeyLine == 0 {
		return "", false
	}
	offset := manifest.OffsetIn(text, setting.KeyLine, setting.KeyColumn, loader == flink.LoaderStandard)
	if !strings.HasPrefix(text[offset:], a.key) {
		return "", false
	}
	renamed, err := edit.Set(text[:offset]+key+text[offset+len(a.key):], loader, key, written)
	if err != nil || !maps.Equal(held(loader, renamed), held(loader, meant)) {
		return "", false
	}
	return renamed, true
}

// held is what Flink has for each key, with why it is not known.
func held(loader flink.Loader, text string) map[string][2]string {
	values := map[string][2]string{}
	for _, setting := range loader.Load(text, "").Settings {
		values[setting.Key] = [2]string{setting.Value, setting.Unknown}
	}
	return values
}
