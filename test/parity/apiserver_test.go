package parity

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/test/matchconditions"
	"github.com/flink-ha/flink-ha-webhook/webhook"
)

// apiServer does with an object that is created what an API server does that has the guard's webhooks.
type apiServer struct {
	selector *matchconditions.Selector
	guard    *server
	// asked counts how often each webhook was asked.
	asked map[string]int
}

func decodeAsAPIServer(raw []byte, into any) error { return utiljson.Unmarshal(raw, into) }

// create asks the webhooks about one object of a scene, in a cluster that has the others: first those that edit it, then those that
// judge what came of that. afresh asks as if nothing that is there excused anything.
func (a *apiServer) create(s *scene, i int, afresh bool) (outcome, error) {
	object, err := asTyped(s.at(i).Unstructured)
	if err != nil {
		return outcome{}, err
	}
	sum := outcome{Verdict: admission.VerdictSkip}
	hooks, request, err := a.selected(s, i, object)
	if err != nil {
		return outcome{}, err
	}
	for _, hook := range hooks {
		path, edits := map[string]string{"mutate.flink-ha.dev": webhook.PathMutate, "strip.flink-ha.dev": webhook.PathMutateHAConfigMaps}[hook]
		if !edits {
			continue
		}
		response, err := a.guard.ask(path, request)
		if err != nil {
			return outcome{}, err
		}
		sum.take(response)
		if len(response.Patch) == 0 {
			continue
		}
		if object, sum.Object, err = patched(object, request.Object.Raw, response.Patch); err != nil {
			return outcome{}, err
		}
		if hooks, request, err = a.selected(s, i, object); err != nil {
			return outcome{}, err
		}
		break // the other one is about other objects
	}
	path := webhook.PathValidate
	if afresh {
		path = pathAfresh
	}
	asked := slices.DeleteFunc(hooks, func(hook string) bool { return !strings.HasPrefix(hook, "validate") })
	switch len(asked) {
	case 0:
		return sum, nil
	case 2:
		return outcome{}, errors.New("asked twice")
	}
	response, err := a.guard.ask(path, request)
	if err != nil {
		return outcome{}, err
	}
	sum.take(response)
	return sum, nil
}

// selected are the webhooks that an object reaches, and the request that they get.
func (a *apiServer) selected(s *scene, i int, object runtime.Object) ([]string, *admissionv1.AdmissionRequest, error) {
	request, err := matchconditions.NewRequest(admissionv1.Create, object, nil)
	if err != nil {
		return nil, nil, err
	}
	where := s.at(i)
	if where.GetKind() != "Namespace" {
		request.Namespace = s.namespaceOf(where.namespace)
	}
	names, err := a.selector.Selected(request)
	if err != nil {
		return nil, nil, fmt.Errorf("an error in a condition: %w", err)
	}
	for _, name := range names {
		a.asked[name]++
	}
	review, err := request.Review()
	if err != nil {
		return nil, nil, err
	}
	review.Name, review.UserInfo = where.GetName(), s.user
	return names, review, nil
}

// patched applies a patch as the API server does.
func patched(object runtime.Object, raw, patch []byte) (runtime.Object, string, error) {
	operations, err := jsonpatch.DecodePatch(patch)
	if err != nil {
		return nil, "", err
	}
	after, err := operations.Apply(raw)
	if err != nil {
		return nil, "", err
	}
	again := &unstructured.Unstructured{}
	if err := json.Unmarshal(after, again); err != nil {
		return nil, "", err
	}
	made, err := asTyped(again)
	return made, string(after), err
}

// normalized is an object as the API server has it, as JSON.
func normalized(s *scene, i int, text string) (string, error) {
	again := *s
	again.objects = slices.Clone(s.objects)
	var content map[string]any
	if err := utiljson.Unmarshal([]byte(text), &content); err != nil {
		return "", err
	}
	again.objects[i] = content
	object, err := asTyped(again.at(i).Unstructured)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(object)
	return string(raw), err
}
