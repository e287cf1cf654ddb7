package admission

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"gopkg.in/yaml.v3"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// manifest turns YAML, as people write it, into the JSON of a review.
func manifest(t testing.TB, text string) []byte {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(text, "\t", "  ")), &object); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// resourceOf knows the resource of a kind.
func resourceOf(t testing.TB, raw []byte) (metav1.GroupVersionKind, metav1.GroupVersionResource, string) {
	t.Helper()
	var object struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		t.Fatal(err)
	}
	group, version, found := strings.Cut(object.APIVersion, "/")
	if !found {
		group, version = "", object.APIVersion
	}
	return metav1.GroupVersionKind{Group: group, Version: version, Kind: object.Kind},
		metav1.GroupVersionResource{Group: group, Version: version, Resource: strings.ToLower(object.Kind) + "s"}, object.Name
}

func create(t testing.TB, object string) *admissionv1.AdmissionRequest {
	t.Helper()
	raw := manifest(t, object)
	kind, resource, name := resourceOf(t, raw)
	return &admissionv1.AdmissionRequest{
		UID: "u", Operation: admissionv1.Create, Kind: kind, Resource: resource, Namespace: "team", Name: name,
		Object: runtime.RawExtension{Raw: raw},
	}
}

func update(t testing.TB, previous, object string) *admissionv1.AdmissionRequest {
	t.Helper()
	request := create(t, object)
	request.Operation = admissionv1.Update
	request.OldObject.Raw = manifest(t, previous)
	return request
}

func deletion(t testing.TB, object string) *admissionv1.AdmissionRequest {
	t.Helper()
	request := create(t, object)
	request.Operation = admissionv1.Delete
	request.Object, request.OldObject = runtime.RawExtension{}, request.Object
	return request
}

// surroundings are the objects that are known. With none nothing is known of any, and every object is judged by itself. Where
// accounts are said, they are there in every namespace, in place of those among the objects.
type surroundings struct {
	*exampleSurroundings
	accounts map[string]bool
}

func (s surroundings) Inventory() (*inventory.Inventory, bool) {
	if s.exampleSurroundings == nil {
		return nil, false
	}
	return s.exampleSurroundings.Inventory()
}

func (s surroundings) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	if s.exampleSurroundings == nil {
		return nil, time.Time{}, false
	}
	return s.exampleSurroundings.ConfigMap(namespace, name)
}

func (s surroundings) Namespace(name string) (validation.Namespace, bool) {
	if s.exampleSurroundings == nil {
		return validation.Namespace{}, false
	}
	return s.exampleSurroundings.Namespace(name)
}

func (s surroundings) Member(key inventory.Key) (*inventory.Member, bool) {
	if s.exampleSurroundings == nil {
		return nil, false
	}
	return s.exampleSurroundings.Member(key)
}

func (s surroundings) ServiceAccount(namespace, name string) (validation.Account, bool) {
	if s.accounts == nil && s.exampleSurroundings != nil {
		return s.exampleSurroundings.ServiceAccount(namespace, name)
	}
	return validation.Account{Exists: s.accounts[name]}, s.accounts != nil
}

func (s surroundings) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	if s.exampleSurroundings == nil {
		return access.Answer{}
	}
	return s.exampleSurroundings.Access(account, namespace, needed)
}

// beside knows some objects, which have been there for long.
func beside(t testing.TB, manifests ...string) surroundings {
	t.Helper()
	around := newExampleSurroundings()
	for _, text := range manifests {
		objects, err := readManifests(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range objects {
			if err := around.add(object); err != nil {
				t.Fatal(err)
			}
		}
	}
	return surroundings{exampleSurroundings: around}
}

func reviewer(t testing.TB, around validation.Surroundings) *Reviewer {
	t.Helper()
	return reviewerUnder(t, policy.Default(), around)
}

func reviewerUnder(t testing.TB, p policy.Policy, around validation.Surroundings) *Reviewer {
	t.Helper()
	r, err := NewReviewer(Options{Policy: func() *policy.Policy { return &p }, Now: exampleDay, Surroundings: around})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func patchOf(t testing.TB, decision Decision) string {
	t.Helper()
	operations := mutation.Patch(decision.Edits)
	if len(operations) == 0 {
		return ""
	}
	raw, err := json.Marshal(operations)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func applied(t testing.TB, object []byte, decision Decision) []byte {
	t.Helper()
	patch, err := jsonpatch.DecodePatch([]byte(patchOf(t, decision)))
	if err != nil {
		t.Fatal(err)
	}
	edited, err := patch.Apply(object)
	if err != nil {
		t.Fatal(err)
	}
	return edited
}
