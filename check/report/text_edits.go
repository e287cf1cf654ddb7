package report

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// sentencesOf say what admission would edit in an object, and what it would if the policy did not only have it reported.
func sentencesOf(object *check.Object) []string {
	var sentences []string
	for _, edit := range object.Edits {
		sentences = append(sentences, "admission "+changes(edit.Operations)+", because "+edit.Reason)
	}
	for _, edit := range object.Planned {
		sentences = append(sentences, "admission would change this if it enforced anything here: it "+changes(edit.Operations)+", because "+edit.Reason)
	}
	return sentences
}

// changes names the fields that operations change, with their values as far as those may be seen.
func changes(operations []mutation.Operation) string {
	var steps []string
	for _, operation := range operations {
		switch operation.Op {
		case "remove":
			steps = append(steps, "removes "+operation.Path)
		case "add", "replace":
			step := "sets " + operation.Path
			if value, ok := shortValue(operation); ok {
				step += " to " + value
			}
			steps = append(steps, step)
		}
	}
	return strings.Join(steps, " and ")
}

// maxShownEdit bounds the value of an edit, in characters. Names of accounts are no longer.
const maxShownEdit = 63

// shortValue is the value that an operation writes if it is a word or a number, and of a field that has no secrets. The data of a
// ConfigMap are whole files.
func shortValue(operation mutation.Operation) (string, bool) {
	var value any
	err := json.Unmarshal(operation.Value, &value)
	text, isText := value.(string)
	switch {
	case err != nil, value == nil, strings.HasPrefix(operation.Path, "/data/"), strings.HasPrefix(operation.Path, "/binaryData/"),
		isAboutSecrets(operation.Path):
		return "", false
	case isText:
		short := utf8.RuneCountInString(text) <= maxShownEdit && !strings.ContainsAny(text, "\r\n:=@")
		return flink.Quote(text, maxShownEdit), short
	}
	switch value.(type) {
	case bool, float64:
		return string(operation.Value), true
	}
	return "", false
}

// harmlessField has a word in its name that secrets have too.
const harmlessField = "automountserviceaccounttoken"

// isAboutSecrets tells whether the name of a field is one that secrets have.
func isAboutSecrets(path string) bool {
	return configuration.IsSensitive(strings.ReplaceAll(strings.ToLower(path), harmlessField, ""))
}
