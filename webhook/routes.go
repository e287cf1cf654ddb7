package webhook

import (
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// The paths that the webhook configurations name.
const (
	PathMutate             = "/mutate"
	PathValidate           = "/validate"
	PathMutateHAConfigMaps = "/mutate-ha-configmaps"
	PathValidateDeletes    = "/validate-deletes"
)

// Route is a path and the review that answers there.
type Route struct {
	Path   string
	Review admission.Review
	// OnDecided is told of each decision about an object that is the guard's to judge, unless the request is a dry run; nil tells
	// nobody. patched says whether the answer carries edits. What comes after may still refuse the object. It is called before the
	// answer goes out, and must not wait for anything.
	OnDecided func(request *admissionv1.AdmissionRequest, decision *admission.Decision, patched bool)
}

// Routes are the reviews of a reviewer under their paths.
func Routes(reviewer *admission.Reviewer) []Route {
	return []Route{
		{Path: PathMutate, Review: reviewer.Mutate},
		{Path: PathValidate, Review: reviewer.Validate},
		{Path: PathMutateHAConfigMaps, Review: reviewer.StripOwnerReferences},
		{Path: PathValidateDeletes, Review: reviewer.ValidateDeletion},
	}
}
