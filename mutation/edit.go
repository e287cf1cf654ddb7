package mutation

import "encoding/json"

// Operation is one operation of a JSON Patch (RFC 6902).
type Operation struct {
	Op    string          `json:"op"`
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Edit is a change with its reason. An edit touches single fields only, so that what the guard does not know stays as it
// is, and planning on an object that was edited already yields nothing.
type Edit struct {
	Operations []Operation
	// Reason completes the sentence "edited, because …".
	Reason string
}

// Patch returns the operations of all edits in their order.
func Patch(edits []Edit) []Operation {
	var operations []Operation
	for _, edit := range edits {
		operations = append(operations, edit.Operations...)
	}
	return operations
}
