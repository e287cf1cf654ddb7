package manifest

import (
	"encoding/json"
	"errors"
)

// FromCluster is a document of an object as an API server has it, in JSON. It is in no file: the places of all that is in it have the
// name, and no line.
func FromCluster(name string, object []byte) (*Document, error) {
	d := &Document{File: name, text: string(object), isJSON: true, placeless: true}
	if !json.Valid(object) {
		return nil, &ProblemError{Place: Place{File: name}, Reason: "what the API server sent is not JSON"}
	}
	d.tree()
	if len(d.Objects()) == 0 {
		return nil, errors.New("what the API server sent is no object")
	}
	return d, nil
}
