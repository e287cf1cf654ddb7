package admission

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// exampleNamespace is where objects of examples are that do not name their namespace.
const exampleNamespace = "team"

// exampleDay is when examples happen.
func exampleDay() time.Time { return time.Date(2026, time.November, 2, 12, 0, 0, 0, time.UTC) }

// Examine runs the example of a rule through the whole decision: what is said of the mistake, and of the same mended.
func Examine(rule validation.Rule) (wrong, right Decision, err error) {
	if wrong, err = examine(rule.Example, rule.Example.Wrong); err != nil {
		return wrong, right, fmt.Errorf("the wrong example of %s: %w", rule.ID, err)
	}
	if right, err = examine(rule.Example, rule.Example.Right); err != nil {
		return wrong, right, fmt.Errorf("the right example of %s: %w", rule.ID, err)
	}
	return wrong, right, nil
}

func examine(example validation.Example, manifests string) (Decision, error) {
	objects, err := readManifests(manifests)
	if err != nil || len(objects) == 0 {
		return Decision{}, fmt.Errorf("reading the manifests: %w", err)
	}
	around := newExampleSurroundings()
	for _, object := range objects[1:] {
		if err := around.add(object); err != nil {
			return Decision{}, err
		}
	}
	p := policy.Default()
	p.Storage.AllowedPrefixes = example.Prefixes
	reviewer, err := NewReviewer(Options{Policy: func() *policy.Policy { return &p }, Now: exampleDay, Surroundings: around})
	if err != nil {
		return Decision{}, err
	}
	request := objects[0].request(admissionv1.Create)
	switch {
	case example.Deletion:
		request = objects[0].request(admissionv1.Delete)
		request.Object, request.OldObject = runtime.RawExtension{}, request.Object
		return reviewer.ValidateDeletion(request)
	case example.Before != "":
		before, err := readManifests(example.Before)
		if err != nil || len(before) == 0 {
			return Decision{}, fmt.Errorf("reading the object before: %w", err)
		}
		request.Operation, request.OldObject = admissionv1.Update, runtime.RawExtension{Raw: before[0].raw}
	}
	decision, _, err := reviewer.Decide(request)
	return decision, err
}

// exampleObject is an object of a manifest.
type exampleObject struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	raw []byte
}

func readManifests(text string) ([]exampleObject, error) {
	var objects []exampleObject
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var content map[string]any
		err := decoder.Decode(&content)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		object := exampleObject{}
		if object.raw, err = json.Marshal(content); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(object.raw, &object); err != nil {
			return nil, err
		}
		if object.Namespace == "" {
			object.Namespace = exampleNamespace
		}
		objects = append(objects, object)
	}
}

func (o *exampleObject) request(operation admissionv1.Operation) *admissionv1.AdmissionRequest {
	group, version, found := strings.Cut(o.APIVersion, "/")
	if !found {
		group, version = "", o.APIVersion
	}
	request := &admissionv1.AdmissionRequest{
		UID: "example", Operation: operation, Namespace: o.Namespace, Name: o.Name, Object: runtime.RawExtension{Raw: o.raw},
		Kind:     metav1.GroupVersionKind{Group: group, Version: version, Kind: o.Kind},
		Resource: metav1.GroupVersionResource{Group: group, Version: version, Resource: strings.ToLower(o.Kind) + "s"},
	}
	if o.Kind == "Namespace" {
		request.Namespace = o.Name
	}
	return request
}

// exampleSurroundings are the other objects of an example. They have been there for long.
type exampleSurroundings struct{ *Given }

func newExampleSurroundings() *exampleSurroundings { return &exampleSurroundings{NewGiven(nil)} }

var _ validation.Surroundings = (*exampleSurroundings)(nil)

func (s *exampleSurroundings) add(object exampleObject) error {
	return s.addAt(object, exampleDay().Add(-time.Hour))
}

func keyOf(object exampleObject) inventory.Key {
	return inventory.Key{Kind: object.Kind, Namespace: object.Namespace, Name: object.Name}
}

// addAt adds an object that came, or changed, at a time.
func (s *exampleSurroundings) addAt(object exampleObject, at time.Time) error {
	group, _, found := strings.Cut(object.APIVersion, "/")
	if !found {
		group = ""
	}
	what := Identified{Group: group, Kind: object.Kind, Namespace: object.Namespace, Name: object.Name}
	piece, err := PieceOf(what, func(into any) error { return json.Unmarshal(object.raw, into) })
	if err != nil {
		return fmt.Errorf("reading %s %s: %w", object.Kind, object.Name, err)
	}
	s.Put(piece, at)
	return nil
}

// Access is what the objects give. An example shows what is said of a cluster, where more may come later.
func (s *exampleSurroundings) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	answer := s.GivenAccounts.Access(account, namespace, needed)
	answer.Settled = false
	return answer
}
