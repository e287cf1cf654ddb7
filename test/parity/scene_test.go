package parity

import (
	"fmt"
	"maps"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// scene is what is given to both: objects that are there together, and by what they are judged.
type scene struct {
	name    string
	objects []map[string]any
	// policy and what it is called.
	policy     *policy.Policy
	policyName string
	// namespace of the objects that name none, and the labels of namespaces that are not among the objects.
	namespace string
	labels    map[string]string
	user      authenticationv1.UserInfo
	// now is when everything happens: an hour after the caches of the server were filled, so that everything has settled.
	now time.Time
	// style is the seed of how the files are written.
	style uint64
}

// without is the scene without one object.
func (s *scene) without(i int) *scene {
	again := *s
	again.objects = append(append([]map[string]any{}, s.objects[:i]...), s.objects[i+1:]...)
	return &again
}

// String is the scene as people can try it.
func (s *scene) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# scene %s, policy %s, -n %s, namespace labels %v, user %s, style %d\n", s.name, s.policyName, s.namespace, s.labels, s.user.Username, s.style)
	for i, object := range s.objects {
		text, err := yaml.Marshal(object)
		if err != nil {
			text = []byte(err.Error())
		}
		fmt.Fprintf(&b, "--- # object %d\n%s", i, text)
	}
	return b.String()
}

// located is an object with what and where it is.
type located struct {
	*unstructured.Unstructured
	// namespace that it is in, or will be; a Namespace is in itself.
	namespace string
}

// at is an object of the scene where the API server would put it.
func (s *scene) at(i int) located {
	object := located{Unstructured: &unstructured.Unstructured{Object: s.objects[i]}}
	object.Unstructured = object.DeepCopy()
	object.namespace = object.GetNamespace()
	switch kind := object.GetKind(); {
	case kind == "Namespace":
		object.namespace = object.GetName()
		labels := object.GetLabels()
		if labels == nil {
			labels = map[string]string{}
		}
		labels[corev1.LabelMetadataName] = object.GetName() // as the API server completes it
		object.SetLabels(labels)
	case strings.HasPrefix(kind, "Cluster"):
		object.namespace = ""
	default:
		if object.namespace == "" {
			object.namespace = s.namespace
			object.SetNamespace(s.namespace)
		}
	}
	return object
}

// namespaceOf is a namespace of the scene, as it stands there, or else with the labels that were said of all.
func (s *scene) namespaceOf(name string) corev1.Namespace {
	found := corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{}}}
	labels := s.labels
	for i := range s.objects {
		if object := s.at(i); object.GetKind() == "Namespace" && object.GetAPIVersion() == "v1" && object.GetName() == name {
			labels, found.Annotations = object.GetLabels(), object.GetAnnotations()
		}
	}
	maps.Copy(found.Labels, labels)
	found.Labels[corev1.LabelMetadataName] = name
	return found
}
