package check

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// placeOfField is where a field belongs of which only a part of the path is there: before the first field of the innermost one.
func placeOfField(innermost *manifest.Field) manifest.Spot {
	if innermost.IsMap() || innermost.IsList() {
		return innermost.Inside()
	}
	return innermost.Value()
}

// placeOfOption is where an option belongs in a field that is there: beside the option that is most like it.
func placeOfOption(field *manifest.Field, path, key string) manifest.Spot {
	switch text, isText := field.Scalar(); {
	case field.IsMap():
		return placeInMap(field, key)
	case field.IsList():
		return placeInArguments(field)
	case isText:
		line, column := besideIn(text, loaderOf(path), key)
		if line == 0 {
			return field.Within(0)
		}
		return field.Within(field.Offset(line, column, loaderOf(path) == flink.LoaderStandard))
	}
	return field.Value()
}

// placeInMap is beside the last of the fields that have most in common with the key, each with a part of its name.
func placeInMap(field *manifest.Field, key string) manifest.Spot {
	fields := field.Fields()
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	if at := closest(names, key); at >= 0 {
		return fields[at].Key()
	}
	return field.Inside()
}

// besideIn is the line and the column, from 1, of the key in a configuration that has most in common with another one: 0 where there
// is none. Of nested YAML it is one of the outermost keys, since a line can be written beside those as it is.
func besideIn(text string, loader flink.Loader, key string) (line, column int) {
	var names []string
	var lines, columns []int
	add := func(name string, line, column int) {
		names, lines, columns = append(names, name), append(lines, line), append(columns, column)
	}
	if loader == flink.LoaderLegacy {
		configuration := flink.LoadLegacy(text, "")
		for i := range configuration.Settings {
			setting := &configuration.Settings[i]
			add(setting.Key, setting.KeyLine, setting.KeyColumn)
		}
	} else if root, err := yaml12.Parse(text); err == nil && root != nil && root.Kind == yaml12.Mapping {
		for i := 0; i+1 < len(root.Children); i += 2 {
			name := root.Children[i]
			add(name.Value, name.Properties.Line+1, name.Properties.Column+1)
		}
	}
	if at := closest(names, key); at >= 0 {
		return lines[at], columns[at]
	}
	return 0, 0
}

// closest is the index of the last of several keys with which another one has most parts in common, from the start; -1 without any.
func closest(keys []string, wanted string) int {
	most, at := 0, -1
	for i, key := range keys {
		if shared := flink.SharedSegments(key, wanted); shared >= most {
			most, at = shared, i
		}
	}
	return at
}

// placeInArguments is where a dynamic property belongs among the words of a process: before the other ones. Where there is none it is
// before the arguments of an application's job, or behind the last word.
func placeInArguments(words *manifest.Field) manifest.Spot {
	items := words.Items()
	for i, item := range items {
		text, _ := item.Scalar()
		switch {
		case strings.HasPrefix(text, "-D"):
			return item.Value()
		case text == applicationWord && i+1 < len(items):
			return items[i+1].Value()
		}
	}
	if len(items) > 0 {
		if spot, ok := items[len(items)-1].Behind(); ok {
			return spot
		}
	}
	return words.Inside()
}

// applicationWord is the word by which docker-entrypoint.sh of Flink's images starts an application. What follows it are options, and
// then arguments of the job.
const applicationWord = "standalone-job"
