package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// liveResource is a resource that is listed.
type liveResource struct {
	apiVersion, kind, name string
	namespaced             bool
	// optional is true for custom resources, whose kinds a cluster need not have.
	optional bool
}

// resources are those that the API server has, namespaces first.
func (l *Live) resources(ctx context.Context) ([]liveResource, error) {
	const access = "rbac.authorization.k8s.io/v1"
	resources := []liveResource{
		{apiVersion: "v1", kind: "Namespace", name: "namespaces"},
		{apiVersion: "v1", kind: "ConfigMap", name: "configmaps", namespaced: true},
		{apiVersion: "v1", kind: "ServiceAccount", name: "serviceaccounts", namespaced: true},
		{apiVersion: "apps/v1", kind: "Deployment", name: "deployments", namespaced: true},
		{apiVersion: "apps/v1", kind: "StatefulSet", name: "statefulsets", namespaced: true},
		{apiVersion: "batch/v1", kind: "Job", name: "jobs", namespaced: true},
		{apiVersion: access, kind: "Role", name: "roles", namespaced: true},
		{apiVersion: access, kind: "RoleBinding", name: "rolebindings", namespaced: true},
		{apiVersion: access, kind: "ClusterRole", name: "clusterroles"},
		{apiVersion: access, kind: "ClusterRoleBinding", name: "clusterrolebindings"},
	}
	const operators = workload.ResourceGroup + "/" + workload.ResourceVersion
	served, err := l.served(ctx, operators)
	if err != nil {
		return nil, err
	}
	for _, kind := range resourceKinds() {
		if served == nil || served[kind.resource] {
			resources = append(resources, liveResource{apiVersion: operators, kind: kind.name, name: kind.resource, namespaced: true, optional: true})
		}
	}
	return resources, nil
}

// served are the resources that the API server has in a group's version; nil where it does not say. To ask matters since it answers who
// may not list a resource that it should not, whether it has it or not.
func (l *Live) served(ctx context.Context, apiVersion string) (map[string]bool, error) {
	raw, err := l.client.Get().AbsPath("/apis", apiVersion).Do(ctx).Raw()
	switch {
	case apierrors.IsForbidden(err):
		return nil, nil
	case apierrors.IsNotFound(err):
		return map[string]bool{}, nil
	case err != nil:
		return nil, err
	}
	var list metav1.APIResourceList
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("reading what is served of %s: %w", apiVersion, err)
	}
	served := map[string]bool{}
	for _, resource := range list.APIResources {
		served[resource.Name] = true
	}
	return served, nil
}

func (r liveResource) isNamespaces() bool { return r.name == "namespaces" }

// path of the objects in a namespace, or of all.
func (r liveResource) path(namespace string) string {
	root := "/apis"
	if r.apiVersion == "v1" {
		root = "/api"
	}
	if namespace != "" {
		return path.Join(root, r.apiVersion, "namespaces", namespace, r.name)
	}
	return path.Join(root, r.apiVersion, r.name)
}

// read hands over the items of a list as it comes in, and returns where the list goes on.
func (r liveResource) read(body io.Reader, take func([]byte) error) (next string, err error) {
	decoder := json.NewDecoder(body)
	if err := expect(decoder, '{'); err != nil {
		return "", err
	}
	for decoder.More() {
		field, err := decoder.Token()
		if err != nil {
			return "", cut(err)
		}
		switch field {
		case "items":
			err = r.items(decoder, take)
		case "metadata":
			var metadata metav1.ListMeta
			err = cut(decoder.Decode(&metadata))
			next = metadata.Continue
		default:
			var passedOver json.RawMessage
			err = cut(decoder.Decode(&passedOver))
		}
		if err != nil {
			return "", err
		}
	}
	// A list that ends early would pass for a shorter one.
	return next, expect(decoder, '}')
}

func (r liveResource) items(decoder *json.Decoder, take func([]byte) error) error {
	switch token, err := decoder.Token(); {
	case err != nil:
		return cut(err)
	case token == nil: // null, for none
		return nil
	case token != json.Delim('['):
		return fmt.Errorf("the answer of the API server is no list: its items are %v", token)
	}
	for decoder.More() {
		var item json.RawMessage
		if err := decoder.Decode(&item); err != nil {
			return cut(err)
		}
		if err := r.take(item, take); err != nil {
			return err
		}
	}
	return expect(decoder, ']')
}

// take hands over an object with its type, which the items of lists lack.
func (r liveResource) take(object []byte, take func([]byte) error) error {
	var typed metav1.TypeMeta
	if err := json.Unmarshal(object, &typed); err != nil {
		return fmt.Errorf("reading an object: %w", err)
	}
	if typed.Kind == "" {
		object = slices.Concat(fmt.Appendf(nil, `{"apiVersion":%q,"kind":%q,`, r.apiVersion, r.kind), object[1:])
	}
	return take(object)
}

// expect reads a brace or a bracket.
func expect(decoder *json.Decoder, delimiter json.Delim) error {
	token, err := decoder.Token()
	if err != nil {
		return cut(err)
	}
	if token != delimiter {
		return fmt.Errorf("the answer of the API server is no list: it has %v, needs %v", token, delimiter)
	}
	return nil
}

// cut names an answer that ends early.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
