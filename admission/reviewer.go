package admission

import (
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Reviewer decides about objects. It is safe for concurrent use.
type Reviewer struct {
	policy       policy.Policy
	evaluator    *validation.Evaluator
	surroundings validation.Surroundings
}

// NewReviewer returns a reviewer that applies the whole catalogue of rules under a policy.
func NewReviewer(p policy.Policy, surroundings validation.Surroundings) (*Reviewer, error) {
	evaluator, err := validation.NewEvaluator(validation.Rules())
	if err != nil {
		return nil, err
	}
	return &Reviewer{policy: p, evaluator: evaluator, surroundings: surroundings}, nil
}

// Review is one of the reviewer's answers to a request. Its error says what is wrong with the request itself; an object that
// is not ours is no error but a decision that recognizes nothing.
type Review func(*admissionv1.AdmissionRequest) (Decision, error)

func decisionOn(request *admissionv1.AdmissionRequest) Decision {
	return Decision{Kind: request.Kind.Kind, Name: request.Name}
}
