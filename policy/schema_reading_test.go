package policy

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// violates judges a value by a JSON schema with the keywords that Schema uses, and says why the value is wrong. A keyword that it
// does not know is a reason too, so that the schema cannot grow past this test.
func violates(schema map[string]any, value any) string {
	for _, keyword := range slices.Sorted(maps.Keys(schema)) {
		if reason := violatesKeyword(schema, keyword, schema[keyword], value); reason != "" {
			return reason
		}
	}
	return ""
}

func violatesKeyword(schema map[string]any, keyword string, limit, value any) string {
	right := true
	text, isText := value.(string)
	number, isNumber := value.(float64)
	object, isObject := value.(map[string]any)
	list, _ := value.([]any)
	switch keyword {
	case "$schema", "title", "description", "default":
	case "type":
		names, several := limit.([]any)
		if !several {
			names = []any{limit}
		}
		right = slices.Contains(names, any(typeOf(value)))
	case "enum":
		right = slices.ContainsFunc(limit.([]any), func(one any) bool { return reflect.DeepEqual(one, value) })
	case "pattern":
		right = !isText || regexp.MustCompile(limit.(string)).MatchString(text)
	case "maxLength":
		right = !isText || utf8.RuneCountInString(text) <= int(limit.(float64))
	case "format":
		_, err := time.Parse(time.DateOnly, text)
		right = limit == "date" && (!isText || err == nil)
	case "minimum":
		right = !isNumber || number >= limit.(float64)
	case "maximum":
		right = !isNumber || number <= limit.(float64)
	case "maxProperties":
		right = len(object) <= int(limit.(float64))
	case "required":
		for _, name := range limit.([]any) {
			_, given := object[name.(string)]
			right = right && (given || !isObject)
		}
	case "items":
		for _, element := range list {
			right = right && violates(limit.(map[string]any), element) == ""
		}
	case "propertyNames", "properties", "additionalProperties":
		for name, part := range object {
			right = right && violatesMember(schema, keyword, limit, name, part) == ""
		}
	case "anyOf", "oneOf":
		matches := 0
		for _, one := range limit.([]any) {
			if violates(one.(map[string]any), value) == "" {
				matches++
			}
		}
		right = matches == 1 || matches > 1 && keyword == "anyOf"
	default:
		return "unknown keyword " + keyword
	}
	if right {
		return ""
	}
	return fmt.Sprintf("%s: %v", keyword, value)
}

func violatesMember(schema map[string]any, keyword string, limit any, name string, value any) string {
	properties, _ := schema["properties"].(map[string]any)
	property, listed := properties[name].(map[string]any)
	additional, _ := limit.(map[string]any)
	switch {
	case keyword == "propertyNames":
		return violates(additional, name)
	case keyword == "properties" && listed:
		return violates(property, value)
	case keyword == "additionalProperties" && !listed && limit == false:
		return "unknown " + name
	case keyword == "additionalProperties" && !listed:
		return violates(additional, value)
	}
	return ""
}

func typeOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if value == float64(int(value)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// jsonOf reads YAML as JSON, as editors do before they apply a schema: by the core schema of YAML 1.2, which knows no dates.
func jsonOf(t *testing.T, file string) any {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(file), &root); err != nil {
		t.Fatal(err)
	}
	if root.IsZero() {
		return nil
	}
	return jsonOfNode(t, root.Content[0])
}

func jsonOfNode(t *testing.T, node *yaml.Node) any {
	t.Helper()
	switch {
	case node.Kind == yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i < len(node.Content); i += 2 {
			object[node.Content[i].Value] = jsonOfNode(t, node.Content[i+1])
		}
		return object
	case node.Kind == yaml.SequenceNode:
		list := []any{}
		for _, element := range node.Content {
			list = append(list, jsonOfNode(t, element))
		}
		return list
	case node.Tag == "!!null":
		return nil
	case node.Tag == "!!bool":
		return node.Value == "true" || node.Value == "True"
	case node.Tag == "!!int" || node.Tag == "!!float":
		number, err := strconv.ParseFloat(node.Value, 64)
		if err != nil {
			t.Fatal(err)
		}
		return number
	}
	return node.Value
}
