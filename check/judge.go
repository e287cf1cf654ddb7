package check

import (
	"context"
	"encoding/json"
	"slices"
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
	around   *scene
	// others are the documents of ConfigMaps that were looked into, read apart from those that other judges look into.
	others map[*manifest.Document]*manifest.Document
}

// all judges candidates of one document, until the context ends.
func (j *judge) all(ctx context.Context, group group) (problems []error) {
	defer group.document.Release()
	objects := group.document.Objects()
	for _, c := range group.candidates {
		if ctx.Err() != nil {
			return nil
		}
		if err := j.one(c, objects[c.ordinal]); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// one judges an object, and notes the verdict in the report.
func (j *judge) one(c *candidate, object *manifest.Object) (err error) {
	defer onBug(func(bug error) {
		err = &manifest.ProblemError{Place: object.Place(), Reason: object.Title() + " could not be judged: " + bug.Error()}
	})
	request, ok, err := j.request(c, object)
	if err != nil || !ok {
		return err
	}
	decision, mutated, err := j.decide(c, request)
	if err != nil {
		return &manifest.ProblemError{Place: object.Place(), Reason: object.Title() + " " + strings.TrimPrefix(err.Error(), "request.object ")}
	}
	j.around.changing.RLock()
	defer j.around.changing.RUnlock()
	if c.in.bare != nil {
		c.in.bare.keepOwn(&decision)
	}
	verdict := Object{Verdict: decision.Verdict()}
	if verdict.Verdict == admission.VerdictSkip {
		return nil
	}
	verdict.Exempt, verdict.Notes, verdict.Refusal = decision.Exempt, decision.Notes, decision.Refusal
	verdict.Edits, verdict.Planned = decision.Edits, decision.Planned
	verdict.Findings = j.findings(&decision, object, c)
	if j.options.WithUnknown {
		verdict.Unknown = j.unknown(c, request)
	}
	if j.options.WithObjects && c.in.bare == nil {
		verdict.Mutated = mutated
	}
	c.report().join(&verdict)
	return nil
}

// decide asks for the verdict about an object while it is there itself, since putting all others together without it takes long. Only
// a ConfigMap makes a difference to others beside itself, by what they read in it. Where what is found rests on others, it is asked once
// more without it, as it is not there when it is created.
func (j *judge) decide(c *candidate, request *admissionv1.AdmissionRequest) (admission.Decision, []byte, error) {
	scope := scopeOf(request.Resource.Resource)
	decision, mutated, err := func() (admission.Decision, []byte, error) {
		j.around.changing.RLock()
		defer j.around.changing.RUnlock()
		return j.reviewer.DecideWithin(request, scope)
	}()
	restsOnOthers := slices.ContainsFunc(decision.Findings, func(f admission.Judged) bool { return !f.Since.IsZero() })
	if err != nil || !restsOnOthers || c.Kind != "ConfigMap" || c.in.bare != nil {
		return decision, mutated, err
	}
	j.around.changing.Lock()
	defer j.around.changing.Unlock()
	there := j.around.at(c.Identified)
	j.around.given.Drop(there.piece, j.around.since)
	defer j.around.given.Put(there.piece, j.around.since)
	return j.reviewer.DecideWithin(request, scope)
}

// request is what the API server would send: false if it would not ask about the object.
func (j *judge) request(c *candidate, object *manifest.Object) (*admissionv1.AdmissionRequest, bool, error) {
	apiVersion, kind := object.APIVersion, object.Kind
	if c.in.bare != nil {
		apiVersion, kind = "v1", c.Kind
	}
	resource, ok := resourceOf(apiVersion, kind)
	if !ok {
		return nil, false, nil
	}
	namespace := c.Namespace
	if kind == "Namespace" {
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
	if c.in.bare != nil {
		c.in.bare.withOther(fields)
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, false, &manifest.ProblemError{Place: object.Place(), Reason: object.Title() + " cannot be read: it is not what JSON can hold"}
	}
	return &admissionv1.AdmissionRequest{
		UID: "check", Operation: admissionv1.Create, Namespace: namespace, Name: c.Name, UserInfo: j.options.User,
		Kind:     metav1.GroupVersionKind{Group: resource.Group, Version: resource.Version, Kind: kind},
		Resource: resource, Object: runtime.RawExtension{Raw: raw},
	}, true, nil
}
