package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// managers names who manages a field of an object, by the path of the field with dots between its parts.
func managers(t *testing.T, entries []metav1.ManagedFieldsEntry, field string) []string {
	t.Helper()
	var names []string
	for _, entry := range entries {
		var set map[string]any
		if entry.FieldsV1 == nil {
			continue
		}
		if err := json.Unmarshal(entry.FieldsV1.GetRawBytes(), &set); err != nil {
			t.Fatal(err)
		}
		if inSet(set, strings.Split(field, ".")) {
			names = append(names, entry.Manager)
		}
	}
	return names
}

// inSet tells whether a set of fields, in the notation of managedFields, holds a path.
func inSet(set map[string]any, path []string) bool {
	below, ok := set["f:"+path[0]].(map[string]any)
	return ok && (len(path) == 1 || inSet(below, path[1:]))
}
