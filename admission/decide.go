package admission

import (
	"encoding/json"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Decide is the whole verdict about a request, as the API server composes it of several reviews: the object is mutated, and
// what came of it is judged. The object after mutation is returned beside the decision.
func (r *Reviewer) Decide(request *admissionv1.AdmissionRequest) (Decision, []byte, error) {
	mutated, err := r.Mutate(request)
	if err != nil {
		return mutated, nil, err
	}
	if !mutated.Recognized { // HA state is nothing else
		if mutated, err = r.StripOwnerReferences(request); err != nil {
			return mutated, nil, err
		}
	}
	after := *request
	if after.Object.Raw, err = Apply(mutated.Edits, request.Object.Raw); err != nil {
		return mutated, nil, err
	}
	decision, err := r.Validate(&after)
	decision.Edits, decision.Planned, decision.Account, decision.HAState = mutated.Edits, mutated.Planned, mutated.Account, mutated.HAState
	decision.Notes = append(mutated.Notes, decision.Notes...)
	return decision, after.Object.Raw, err
}

// Apply makes edits to an object as the API server would.
func Apply(edits []mutation.Edit, object []byte) ([]byte, error) {
	operations := mutation.Patch(edits)
	if len(operations) == 0 {
		return object, nil
	}
	raw, err := json.Marshal(operations)
	if err != nil {
		return nil, fmt.Errorf("encoding the edits: %w", err)
	}
	patch, err := jsonpatch.DecodePatch(raw)
	if err != nil {
		return nil, fmt.Errorf("reading the edits as a JSON Patch: %w", err)
	}
	edited, err := patch.Apply(object)
	if err != nil {
		return nil, fmt.Errorf("applying the edits: %w", err)
	}
	return edited, nil
}
