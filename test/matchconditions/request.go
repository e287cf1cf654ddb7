package matchconditions

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/authentication/user"
)

// Request is a write that the API server is asked to admit.
type Request struct {
	Operation admissionv1.Operation
	// Resource and Subresource that the request is about.
	Resource    schema.GroupVersionResource
	Subresource string
	// Object and OldObject as the API server has them: no object at a DELETE, no old object at a CREATE. Built-in kinds are
	// their Go types, as the API server of this module shows them to conditions, or unstructured, as older ones do. Their
	// apiVersion and kind are set.
	Object, OldObject runtime.Object
	// Namespace is the object's, or the Namespace object itself.
	Namespace corev1.Namespace
	// User who makes the request, "" for somebody, and Manager, the field manager that an update names, "" for none.
	User, Manager string
}

// NewRequest is a request about the objects; one of them may be nil. Its resource is guessed from their kind, and a
// namespace without labels but the one that every namespace has is made up for them.
func NewRequest(operation admissionv1.Operation, object, oldObject runtime.Object) (Request, error) {
	request := Request{Operation: operation, Object: object, OldObject: oldObject}
	accessor, err := meta.Accessor(request.subject())
	if err != nil {
		return request, err
	}
	request.Resource, _ = meta.UnsafeGuessKindToResource(request.kind())
	name := accessor.GetNamespace()
	switch {
	case request.isNamespace():
		name = accessor.GetName()
	case name == "":
		name = metav1.NamespaceDefault
	}
	request.Namespace = corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	if request.isNamespace() {
		request.Namespace.Labels = accessor.GetLabels()
	}
	return request.InNamespace(nil), nil
}

// InNamespace returns the request with further labels on its namespace.
func (r Request) InNamespace(labels map[string]string) Request {
	merged := map[string]string{corev1.LabelMetadataName: r.Namespace.Name}
	maps.Copy(merged, r.Namespace.Labels)
	maps.Copy(merged, labels)
	r.Namespace.Labels = merged
	return r
}

// Review is the request as a webhook receives it.
func (r Request) Review() (*admissionv1.AdmissionRequest, error) {
	review := &admissionv1.AdmissionRequest{
		UID:         "review",
		Operation:   r.Operation,
		Kind:        metav1.GroupVersionKind(r.kind()),
		Resource:    metav1.GroupVersionResource(r.Resource),
		SubResource: r.Subresource,
		Namespace:   r.Namespace.Name,
	}
	for _, part := range []struct {
		object runtime.Object
		raw    *[]byte
	}{{r.Object, &review.Object.Raw}, {r.OldObject, &review.OldObject.Raw}} {
		if part.object == nil {
			continue
		}
		raw, err := json.Marshal(part.object)
		if err != nil {
			return nil, fmt.Errorf("encoding a review: %w", err)
		}
		*part.raw = raw
	}
	return review, nil
}

// subject is the object that the request is about.
func (r Request) subject() runtime.Object {
	if r.Object != nil {
		return r.Object
	}
	return r.OldObject
}

func (r Request) kind() schema.GroupVersionKind {
	return r.subject().GetObjectKind().GroupVersionKind()
}

func (r Request) isNamespace() bool {
	return r.Resource == corev1.SchemeGroupVersion.WithResource("namespaces")
}

// attributes are the request as admission plugins see it. Like a deletecollection they name no object.
func (r Request) attributes() admission.Attributes {
	var options runtime.Object
	if r.Operation == admissionv1.Update {
		options = &metav1.UpdateOptions{
			TypeMeta: metav1.TypeMeta{APIVersion: "meta.k8s.io/v1", Kind: "UpdateOptions"}, FieldManager: r.Manager,
		}
	}
	return admission.NewAttributesRecord(r.Object, r.OldObject, r.kind(), r.Namespace.Name, "", r.Resource, r.Subresource,
		admission.Operation(r.Operation), options, false, &user.DefaultInfo{Name: cmp.Or(r.User, "somebody")})
}
