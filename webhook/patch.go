package webhook

import (
	"encoding/json"
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// editDropped is what the user reads where the guard could not do what it meant to.
const editDropped = "flink-ha-webhook meant to edit this object, and the edit did not fit: the object stays as it is. Please tell " +
	"whoever runs flink-ha-webhook"

// patch returns the JSON Patch that carries out the edits of a decision, or nil if there is nothing to edit. A patch that
// does not apply makes the API server answer 500 to the user, even where the webhook's failurePolicy is Ignore, so it is
// applied here first, with the library that the API server uses, to the bytes that the API server sent. If it does not fit,
// the edits and what the decision says about them are left out.
func (h *Handler) patch(request *admissionv1.AdmissionRequest, decision *admission.Decision) []byte {
	if len(decision.Edits) == 0 || decision.Verdict() == admission.VerdictDeny {
		return nil
	}
	patch, err := applicablePatch(request.Object.Raw, decision.Edits)
	if err != nil {
		h.metrics.dropped(h.route.Path)
		h.log.Error("dropped a patch that does not apply", "uid", request.UID, "kind", request.Kind.Kind,
			"namespace", request.Namespace, "name", decision.Name, "error", err)
		decision.Edits, decision.Notes, decision.Account = nil, []string{editDropped}, admission.Account{}
		if decision.HAState != nil {
			decision.HAState.Outcome = admission.OwnersLeft
		}
		return nil
	}
	return patch
}

// applicablePatch returns edits as the JSON of a patch that was seen to apply to an object.
func applicablePatch(object []byte, edits []mutation.Edit) ([]byte, error) {
	if _, err := admission.Apply(edits, object); err != nil {
		return nil, fmt.Errorf("trying the patch: %w", err)
	}
	encoded, err := json.Marshal(mutation.Patch(edits))
	if err != nil {
		return nil, fmt.Errorf("encoding the patch: %w", err)
	}
	return encoded, nil
}
