package mutation

import (
	"encoding/json"
	"strings"
)

// below is the pointer of a field of what another pointer points to (RFC 6901).
func below(pointer string, names ...string) string {
	escaped := strings.NewReplacer("~", "~0", "/", "~1")
	for _, name := range names {
		pointer += "/" + escaped.Replace(name)
	}
	return pointer
}

// set writes a field, whether it is there or not.
func set(exists bool, pointer string, value any) Operation {
	raw, _ := json.Marshal(value) // names and switches always marshal
	if exists {
		return Operation{Op: "replace", Path: pointer, Value: raw}
	}
	return Operation{Op: "add", Path: pointer, Value: raw}
}
