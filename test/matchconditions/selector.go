package matchconditions

import (
	"context"
	"errors"
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/webhook"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/generic"
	webhookutil "k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
)

// Selector knows which webhooks a request reaches. It is not safe for concurrent use.
type Selector struct {
	webhooks   []webhook.WebhookAccessor
	plugin     *generic.Webhook
	namespaces namespaceStore
	interfaces admission.ObjectInterfaces
}

// namespaceStore is where the API server looks up the labels of a namespace.
type namespaceStore interface {
	Add(namespace any) error
}

// NewSelector compiles a configuration as the API server does.
func NewSelector(configuration Configuration) (*Selector, error) {
	plugin, err := generic.NewWebhook(admission.NewHandler(), nil, nil,
		func(*webhookutil.ClientManager) generic.Dispatcher { return nil })
	if err != nil {
		return nil, fmt.Errorf("making the admission plugin: %w", err)
	}
	// Never started: it holds the namespace of the request at hand and nothing else.
	factory := informers.NewSharedInformerFactory(&kubernetes.Clientset{}, 0)
	plugin.SetExternalKubeInformerFactory(factory)
	return &Selector{
		webhooks:   accessors(configuration),
		plugin:     plugin,
		namespaces: factory.Core().V1().Namespaces().Informer().GetStore(),
		interfaces: admission.NewObjectInterfacesFromScheme(runtime.NewScheme()),
	}, nil
}

// accessors are the webhooks in the order in which the API server calls them. All of them fail closed here, since under
// Ignore the API server takes an error in a condition for "does not match" and says nothing.
func accessors(configuration Configuration) []webhook.WebhookAccessor {
	fail := admissionregistrationv1.Fail
	var all []webhook.WebhookAccessor
	for i := range configuration.Mutating.Webhooks {
		hook := configuration.Mutating.Webhooks[i].DeepCopy()
		hook.FailurePolicy = &fail
		hook.ObjectSelector = orEverything(hook.ObjectSelector)
		all = append(all, webhook.NewMutatingWebhookAccessor(hook.Name, configuration.Mutating.Name, hook))
	}
	for i := range configuration.Validating.Webhooks {
		hook := configuration.Validating.Webhooks[i].DeepCopy()
		hook.FailurePolicy = &fail
		hook.ObjectSelector = orEverything(hook.ObjectSelector)
		all = append(all, webhook.NewValidatingWebhookAccessor(hook.Name, configuration.Validating.Name, hook))
	}
	return all
}

// orEverything is how the API server completes a selector that is not there; its plugin takes nil for "nothing".
func orEverything(selector *metav1.LabelSelector) *metav1.LabelSelector {
	if selector == nil {
		return &metav1.LabelSelector{}
	}
	return selector
}

// Selected returns the names of the webhooks that a request reaches. An error in a condition is an error, whatever the
// webhook's failure policy makes of it.
func (s *Selector) Selected(request Request) ([]string, error) {
	if err := s.namespaces.Add(&request.Namespace); err != nil {
		return nil, fmt.Errorf("storing the namespace: %w", err)
	}
	var names []string
	var failures []error
	for _, hook := range s.webhooks {
		attributes := request.attributes()
		invocation, status := s.plugin.ShouldCallHook(context.Background(), hook, attributes, s.interfaces,
			versions{attributes, s.interfaces})
		switch {
		case status != nil:
			failures = append(failures, fmt.Errorf("%s: %w", hook.GetName(), status))
		case invocation != nil:
			names = append(names, hook.GetName())
		}
	}
	return names, errors.Join(failures...)
}

// versions hands out the request's objects in the version that a webhook asks for.
type versions struct {
	attributes admission.Attributes
	interfaces admission.ObjectInterfaces
}

func (v versions) VersionedAttribute(kind schema.GroupVersionKind) (*admission.VersionedAttributes, error) {
	return admission.NewVersionedAttributes(v.attributes, kind, v.interfaces)
}
