package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
)

//go:generate go test . -run TestSchemaFileIsCurrent -update

// Schema is the JSON schema of the policy file, for editors and pipelines. It is made of the same shape that Load follows, with the
// values of Default. What it cannot say is which rules there are.
func Schema() []byte {
	file := document{APIVersion: fileAPIVersion, Kind: fileKind, Policy: Default()}
	root := shapeOfFile(nil)
	schema := schemaOf(root, reflect.ValueOf(file))
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Policy of flink-ha-webhook"
	// A file that says nothing is right, and need not say what it is.
	schema["type"] = []string{"object", "null"}
	schema["anyOf"] = []any{map[string]any{"maxProperties": 0}, map[string]any{"required": schema["required"]}}
	delete(schema, "required")
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		// Nothing in a schema can fail to be JSON; a test holds that.
		return fmt.Appendf(nil, "%q", err)
	}
	return append(text, '\n')
}

// schemaOf is the schema of a value. Its default is given if there is one: an element of a list or a map has none.
func schemaOf(s *shape, value reflect.Value) map[string]any {
	schema := map[string]any{}
	if s.about != "" {
		schema["description"] = s.about
	}
	switch s.kind {
	case kindObject:
		return objectSchema(schema, s, value)
	case kindList:
		schema["type"] = []string{"array", "null"}
		schema["items"] = schemaOf(s.element, reflect.Value{})
	case kindMap:
		schema["type"] = []string{"object", "null"}
		schema["propertyNames"] = map[string]any{"pattern": s.pattern.String()}
		schema["additionalProperties"] = schemaOf(s.element, reflect.Value{})
	case kindFlag:
		schema["type"] = "boolean"
		setDefault(schema, value)
	case kindNumber:
		schema["type"], schema["minimum"], schema["maximum"] = "integer", s.minimum, s.maximum
		setDefault(schema, value)
	case kindDay:
		schema["type"], schema["format"], schema["pattern"] = "string", "date", s.pattern.String()
	case kindText:
		textSchema(schema, s)
		setDefault(schema, value)
	}
	return schema
}

func textSchema(schema map[string]any, s *shape) {
	schema["type"] = "string"
	if s.enum != nil {
		schema["enum"] = s.enum
	}
	if s.pattern != nil {
		schema["pattern"] = s.pattern.String()
	}
	if s.maxLength > 0 {
		schema["maxLength"] = s.maxLength
	}
}

func objectSchema(schema map[string]any, s *shape, value reflect.Value) map[string]any {
	properties := map[string]any{}
	var short map[string]any
	for _, member := range s.members {
		inside := reflect.Value{}
		if value.IsValid() {
			inside = value.FieldByIndex(member.index)
		}
		property := schemaOf(member.shape, inside)
		properties[member.name] = property
		if member.name == s.short {
			short = property
		}
	}
	object := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if s.optional() {
		object["type"] = []string{"object", "null"}
	}
	if required := s.requiredNames(); required != nil {
		object["required"] = required
	}
	if short != nil {
		schema["oneOf"] = []any{short, object}
		return schema
	}
	maps.Copy(schema, object)
	return schema
}

// setDefault names the default of a field that is no list: an empty list goes without saying.
func setDefault(schema map[string]any, value reflect.Value) {
	if value.IsValid() {
		schema["default"] = value.Interface()
	}
}
