package admission

import (
	"time"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Options is what a reviewer decides by.
type Options struct {
	// Policy returns the policy that holds now. It is asked once for each request, so that a policy can be exchanged under load.
	Policy func() *policy.Policy
	// Now tells the time, for what ends on some day and for what has just been made.
	Now func() time.Time
	// Surroundings answer what is asked about other objects.
	Surroundings validation.Surroundings
	// Afresh has every object judged as the first of its name and cluster: what is beside it, or was, excuses nothing.
	Afresh bool
	// Version of Flink that all processes are taken to have, whatever their images say; the zero value for what those say.
	Version flink.Version
}

// Reviewer decides about objects. It is safe for concurrent use.
type Reviewer struct {
	options   Options
	evaluator *validation.Evaluator
}

// NewReviewer returns a reviewer that applies the whole catalogue of rules.
func NewReviewer(options Options) (*Reviewer, error) {
	evaluator, err := validation.NewEvaluator(validation.Rules())
	if err != nil {
		return nil, err
	}
	return &Reviewer{options: options, evaluator: evaluator}, nil
}

// Review is one of the reviewer's answers to a request. Its error says what is wrong with the request itself; an object that
// is not ours is no error but a decision that recognizes nothing.
type Review func(*admissionv1.AdmissionRequest) (Decision, error)

func decisionOn(request *admissionv1.AdmissionRequest) Decision {
	return Decision{Kind: request.Kind.Kind, Name: request.Name}
}
