package check

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// loaderOf is the grammar of the text in a field: that of flink-conf.yaml, unless the field is a config.yaml.
func loaderOf(path string) flink.Loader {
	if loader, ok := flink.LoaderAt(path); ok {
		return loader
	}
	return flink.LoaderLegacy
}

// placeInText is a line and a column in the text of a field. Of some texts rules know the line alone: then it is the key or the value
// in that line.
func placeInText(field *manifest.Field, finding *validation.Finding, target validation.Target) manifest.Spot {
	text, ok := field.Scalar()
	if !ok {
		return field.Value()
	}
	offset := field.Offset(target.Line, target.Column, loaderOf(target.Path) == flink.LoaderStandard)
	if target.Column > 1 || offset >= len(text) {
		return field.Within(offset)
	}
	line, _, _ := strings.Cut(text[offset:], "\n")
	if blanks := len(line) - len(strings.TrimLeft(line, " \t")); blanks < len(line) {
		offset += blanks
		line = line[blanks:]
	}
	if finding.Found == nil || target.Key || strings.HasPrefix(line, *finding.Found) {
		return field.Within(offset)
	}
	if key, value, found := strings.Cut(line, ":"); found {
		offset += len(key) + len(":") + len(value) - len(strings.TrimLeft(value, " \t"))
	}
	return field.Within(offset)
}

// placeOfValue is the value of a field or, in an argument, that of the option which it sets. Of labels and annotations, the field is
// the one that is called like what was found.
func placeOfValue(field *manifest.Field, finding *validation.Finding, key bool) manifest.Spot {
	if field.IsMap() && finding.Setting != "" {
		if named, ok := field.Below(finding.Setting); ok {
			field = named
		}
	}
	text, ok := field.Scalar()
	if !ok || finding.Setting == "" {
		return keyOrValue(field, key)
	}
	at := strings.Index(text, finding.Setting+"=")
	switch {
	case at < 0:
		return keyOrValue(field, key)
	case key:
		return field.Within(at)
	case finding.Found == nil:
		return field.Value()
	}
	at += len(finding.Setting) + len("=")
	return field.Within(at)
}

func keyOrValue(field *manifest.Field, key bool) manifest.Spot {
	if key {
		return field.Key()
	}
	return field.Value()
}
