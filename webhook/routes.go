package webhook

import "github.com/flink-ha/flink-ha-webhook/admission"

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
