package check

import (
	"encoding/json"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// judge judges the objects of one document after the other. It is not safe for concurrent use.
type judge struct {
	options  *Options
	reviewer *admission.Reviewer
	around   *world
	// others are the documents of ConfigMaps that were looked into, read apart from those that other judges look into.
	others map[*manifest.Document]*manifest.Document
}

// all judges the candidates of one document.
func (j *judge) all(candidates []*candidate) (problems []error) {
	document := candidates[0].document
	defer document.Release()
	objects := document.Objects()
	for _, c := range candidates {
		if err := j.one(c, objects[c.ordinal]); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// one judges an object, and notes the verdict in the report.
func (j *judge) one(c *candidate, object *manifest.Object) error {
	request, ok, err := j.request(c, object)
	if err != nil || !ok {
		return err
	}
	decision, mutated, err := j.reviewer.Decide(request)
	if err != nil {
		return &manifest.ProblemError{Place: object.Place(), Reason: object.Title() + " " + strings.TrimPrefix(err.Error(), "request.object ")}
	}
	report := c.report()
	report.Verdict = decision.Verdict()
	if report.Verdict == admission.VerdictSkip {
		return nil
	}
	report.Exempt, report.Notes, report.Refusal = decision.Exempt, decision.Notes, decision.Refusal
	report.Edits, report.Planned = decision.Edits, decision.Planned
	report.Findings = j.findings(&decision, object, c)
	if j.options.WithObjects {
		report.Mutated = mutated
	}
	return nil
}

// request is what the API server would send: false if it would not ask about the object.
func (j *judge) request(c *candidate, object *manifest.Object) (*admissionv1.AdmissionRequest, bool, error) {
	resource, ok := resourceOf(object.APIVersion, object.Kind)
	if !ok {
		return nil, false, nil
	}
	namespace := c.Namespace
	if object.Kind == "Namespace" {
		namespace = c.Name
	}
	known, _ := j.around.given.Namespace(namespace)
	if !isSeen(namespace, known.Labels) {
		return nil, false, nil
	}
	fields, err := object.Content()
	if err != nil {
		return nil, false, err
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, false, &manifest.ProblemError{Place: object.Place(), Reason: object.Title() + " cannot be read: it is not what JSON can hold"}
	}
	return &admissionv1.AdmissionRequest{
		UID: "check", Operation: admissionv1.Create, Namespace: namespace, Name: c.Name, UserInfo: j.options.User,
		Kind:     metav1.GroupVersionKind{Group: resource.Group, Version: resource.Version, Kind: object.Kind},
		Resource: resource, Object: runtime.RawExtension{Raw: raw},
	}, true, nil
}
