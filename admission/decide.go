package admission

import (
	"encoding/json"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Reach are the reviews that the API server asks for about an object, by the rules, selectors and conditions of the webhooks.
type Reach struct{ Mutate, Strip, Validate bool }

// Scope tells the reach of an object, as JSON. Its error says what is wrong with the object.
type Scope func(object []byte) (Reach, error)

// Decide is the whole verdict about a request, as the API server composes it of several reviews: the object is mutated, and
// what came of it is judged. The object after mutation is returned beside the decision.
func (r *Reviewer) Decide(request *admissionv1.AdmissionRequest) (Decision, []byte, error) {
	return r.DecideWithin(request, func([]byte) (Reach, error) { return Reach{Mutate: true, Strip: true, Validate: true}, nil })
}

// DecideWithin is the same with the reviews that the API server asks for, and no others. It looks at the scope again once the object is
// mutated: what has lost its owner references may be nobody's to judge any more.
func (r *Reviewer) DecideWithin(request *admissionv1.AdmissionRequest, scope Scope) (Decision, []byte, error) {
	reach, err := scope(request.Object.Raw)
	if err != nil {
		return decisionOn(request), nil, err
	}
	mutated, err := r.edit(request, reach)
	if err != nil {
		return mutated, nil, err
	}
	after := *request
	if len(mutated.Edits) > 0 {
		if after.Object.Raw, err = Apply(mutated.Edits, request.Object.Raw); err != nil {
			return mutated, nil, err
		}
		if reach, err = scope(after.Object.Raw); err != nil {
			return mutated, nil, err
		}
	}
	if !reach.Validate {
		return mutated, after.Object.Raw, nil
	}
	decision, err := r.Validate(&after)
	if mutated.Recognized && !decision.Recognized {
		decision.Recognized, decision.Exempt = true, mutated.Exempt
	}
	decision.Edits, decision.Planned, decision.Account, decision.HAState = mutated.Edits, mutated.Planned, mutated.Account, mutated.HAState
	decision.Notes = append(mutated.Notes, decision.Notes...)
	return decision, after.Object.Raw, err
}

// edit asks for the edits of an object. Those of HA state are of no other object.
func (r *Reviewer) edit(request *admissionv1.AdmissionRequest, reach Reach) (Decision, error) {
	mutated := decisionOn(request)
	var err error
	if reach.Mutate {
		mutated, err = r.Mutate(request)
	}
	if err == nil && reach.Strip && !mutated.Recognized {
		mutated, err = r.StripOwnerReferences(request)
	}
	return mutated, err
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
