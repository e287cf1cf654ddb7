package fix

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// unit is what is made as a whole or not at all: an edit of admission, or all changes that mend a finding.
type unit struct {
	Fix

	object *check.Object
	// operations of an edit, or changes of a finding.
	operations []mutation.Operation
	changes    []validation.Change
}

// id tells the unit from others, wherever in its file it is by now.
func (u *unit) id() string {
	raw, _ := json.Marshal([]any{u.File, u.Object, u.Rule, u.operations, u.changes}) // all of it came as JSON
	return string(raw)
}

// units of a report: the edits of each object, and behind them, since it is judged with them made, its findings. Those that take items
// out of lists come last, since paths are those from before.
func units(report *check.Report) (edits, findings, removals []*unit) {
	for i := range report.Objects {
		object := &report.Objects[i]
		title := object.Title()
		for _, edit := range object.Edits {
			edits = append(edits, &unit{
				Fix: Fix{Place: object.Place, Object: title, Text: textOfOperations(edit.Operations)}, object: object, operations: edit.Operations,
			})
		}
		for j := range object.Findings {
			finding := &object.Findings[j]
			if len(finding.Fix) == 0 || finding.Action != policy.ActionDeny && finding.Action != policy.ActionWarn {
				continue
			}
			next := &unit{
				Fix: Fix{Place: finding.Place, Object: title, Rule: finding.Rule, Text: textOfChanges(finding.Fix)}, object: object, changes: finding.Fix,
			}
			if next.removesItems() {
				removals = append(removals, next)
				continue
			}
			findings = append(findings, next)
		}
	}
	return edits, findings, removals
}

// removesItems tells whether a change takes an item out of a list.
func (u *unit) removesItems() bool {
	return slices.ContainsFunc(u.changes, isItem)
}

func isItem(change validation.Change) bool {
	return change.Key == "" && change.Value == nil && strings.HasSuffix(change.Path, "]") && !strings.HasSuffix(change.Path, `"]`)
}

func textOfOperations(operations []mutation.Operation) string {
	var parts []string
	for _, operation := range operations {
		if operation.Op == "test" {
			continue
		}
		if operation.Op == "remove" {
			parts = append(parts, "removed "+operation.Path)
			continue
		}
		var value any
		_ = json.Unmarshal(operation.Value, &value) // it was made by the guard
		parts = append(parts, textOf(operation.Path, value))
	}
	return strings.Join(parts, ", ")
}

func textOfChanges(changes []validation.Change) string {
	var parts []string
	for i := 0; i < len(changes); i++ {
		change := changes[i]
		what := change.Key
		if what == "" {
			what = change.Path
		}
		switch {
		case i+1 < len(changes) && isRename(change, changes[i+1]):
			parts = append(parts, "renamed "+what+" to "+changes[i+1].Key)
			i++
		case change.Value == nil:
			parts = append(parts, "removed "+what)
		default:
			parts = append(parts, textOf(what, change.Value))
		}
	}
	return strings.Join(parts, ", ")
}

// maxShown bounds what is shown of a value.
const maxShown = 60

// textOf says what is written where. A value that is long, or may be secret, is not shown.
func textOf(what string, value any) string {
	switch text, isText := value.(string); {
	case configuration.IsSensitive(what):
	case isText && len(text) <= maxShown && !strings.Contains(text, "\n"):
		return "set " + what + " to " + flink.Quote(flink.RedactURI(text), maxShown)
	case isScalar(value):
		return fmt.Sprintf("set %s to %v", what, value)
	}
	return "changed " + what
}

func isScalar(value any) bool {
	switch value.(type) {
	case bool, int, int32, int64, float64:
		return true
	}
	return false
}
