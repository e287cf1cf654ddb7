package matchconditions

import (
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/manifests"
)

// shipped is the configuration that is installed.
func shipped(t testing.TB) Configuration {
	t.Helper()
	configuration, err := Load(manifests.Files)
	if err != nil {
		t.Fatal(err)
	}
	return configuration
}

func shippedSelector(t testing.TB) *Selector {
	t.Helper()
	selector, err := NewSelector(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	return selector
}

// object reads YAML, or JSON, into the Go type of its kind; of a kind that the API server has not built in, unstructured.
func object(t testing.TB, text string) runtime.Object {
	t.Helper()
	raw, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	scheme := runtime.NewScheme()
	builder := runtime.NewSchemeBuilder(appsv1.AddToScheme, autoscalingv1.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme)
	if err := builder.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	typed, _, err := serializer.NewCodecFactory(scheme).UniversalDeserializer().Decode(raw, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		typed, _, err = unstructured.UnstructuredJSONScheme.Decode(raw, nil, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return typed
}

// asUnstructured is how older API servers show an object to conditions.
func asUnstructured(t testing.TB, typed runtime.Object) runtime.Object {
	t.Helper()
	if typed == nil {
		return nil
	}
	if _, ok := typed.(*unstructured.Unstructured); ok {
		return typed
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		t.Fatal(err)
	}
	return &unstructured.Unstructured{Object: content}
}

// change is a request about objects, of which one may be nil.
func change(t testing.TB, operation admissionv1.Operation, now, before runtime.Object) Request {
	t.Helper()
	request, err := NewRequest(operation, now, before)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// creation and the like are requests about objects in YAML.
func creation(t testing.TB, now string) Request {
	t.Helper()
	return change(t, admissionv1.Create, object(t, now), nil)
}

func update(t testing.TB, before, now string) Request {
	t.Helper()
	return change(t, admissionv1.Update, object(t, now), object(t, before))
}

func deletion(t testing.TB, before string) Request {
	t.Helper()
	return change(t, admissionv1.Delete, nil, object(t, before))
}

// scaling is a request to a scale subresource.
func scaling(t testing.TB, resource, scale string) Request {
	t.Helper()
	request := update(t, scale, scale)
	request.Resource = appsv1.SchemeGroupVersion.WithResource(resource)
	request.Subresource = "scale"
	return request
}

// Names of webhooks, as selected returns them.
const (
	nobody   = ""
	people   = "mutate validate"
	owned    = "mutate validate-owned"
	stripped = "strip"
	deleted  = "deletes"
)

// selected asks for both ways in which API servers show objects to conditions, which must agree.
func selected(t testing.TB, selector *Selector, request Request) string {
	t.Helper()
	names, err := selector.Selected(request)
	if err != nil {
		t.Errorf("an error in a condition: %v", err)
	}
	request.Object, request.OldObject = asUnstructured(t, request.Object), asUnstructured(t, request.OldObject)
	old, err := selector.Selected(request)
	if err != nil {
		t.Errorf("an error in a condition over unstructured objects: %v", err)
	}
	if !slices.Equal(names, old) {
		t.Errorf("selected by %v, and by %v over unstructured objects", names, old)
	}
	for i := range names {
		names[i] = strings.TrimSuffix(names[i], ".flink-ha.dev")
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
