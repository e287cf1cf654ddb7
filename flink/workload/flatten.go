package workload

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// Bounds of the configuration in a custom resource. Flink has some hundred options, with at most ten parts each.
const (
	maxDepth = 32
	maxNodes = 10000
	// maxKeyBytes is far longer than any option of Flink's.
	maxKeyBytes = 4096
)

// flattener makes options of the map in spec.flinkConfiguration as the operator does (ConfigObjectNode.asFlatMap): keys of
// nested maps are joined with dots, and a later one overwrites an earlier one of the same name. The API server keeps the keys of
// each map in the order of their bytes.
type flattener struct {
	configuration flink.Configuration
	nodes         int
}

func flatten(node map[string]any, path string) flink.Configuration {
	f := flattener{configuration: flink.Configuration{Source: path}}
	f.object(node, "", path, 0)
	return f.configuration
}

func (f *flattener) object(node map[string]any, prefix, path string, depth int) {
	for _, name := range slices.Sorted(maps.Keys(node)) {
		key := name
		if prefix != "" {
			key = prefix + "." + name
		}
		place := flink.Position{Path: path + fieldOf(name)}
		if f.nodes++; f.nodes > maxNodes || depth == maxDepth || len(key) > maxKeyBytes {
			place.Path = path
			f.configuration.Gaps = append(f.configuration.Gaps, flink.Gap{Reason: "there is more than is read here", Position: place})
			return
		}
		setting := flink.Setting{Key: key, Origin: flink.OriginCustomResource, Position: place}
		switch value := node[name].(type) {
		case map[string]any:
			f.object(value, key, place.Path, depth+1)
			continue
		case []any:
			if len(value) == 0 {
				continue
			}
			setting.Value = joined(value)
		case nil:
			setting.Unknown = "the key has no value"
		default:
			setting.Value = textOf(value)
		}
		f.configuration.Settings = append(f.configuration.Settings, setting)
	}
}

// joined is what a list becomes: the texts of its items between semicolons. What is no scalar has no text.
func joined(items []any) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = textOf(item)
	}
	return strings.Join(texts, ";")
}

// textOf is JsonNode.asText of Jackson.
func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case int:
		return strconv.Itoa(value)
	case float64:
		return javaDouble(value)
	case json.Number:
		if number, err := value.Float64(); err == nil && strings.ContainsAny(value.String(), ".eE") {
			return javaDouble(number)
		}
		return value.String()
	case nil:
		return "null"
	case map[string]any, []any:
		return ""
	}
	return fmt.Sprint(value)
}

// javaDouble writes a number as java.lang.Double.toString does. A number without a fraction comes from the API server as an
// integer, unless it is very large.
func javaDouble(number float64) string {
	if number == math.Trunc(number) && math.Abs(number) < 1e21 {
		return strconv.FormatFloat(number, 'f', 0, 64)
	}
	text, _ := yaml12.JavaDouble(number)
	return text
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// fieldOf is the name of a field as it is added to a path.
func fieldOf(name string) string {
	if plainName.MatchString(name) {
		return "." + name
	}
	return `["` + name + `"]`
}
