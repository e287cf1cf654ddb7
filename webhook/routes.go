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
	// OnInjected is told of each object that was given an account, unless the request is a dry run; nil tells nobody. What comes
	// after may still refuse the object. It is called before the answer goes out, and must not wait for anything.
	OnInjected func(kind, namespace, name, account string)
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
