package cluster

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// CacheOptions says what the manager's cache may hold: of every object only what is asked for, and of kinds of which single
// objects matter only those. A read of anything else is an error instead of an informer that nobody meant to start.
//
// Objects in this cache are not what the cluster has. They must never be written back, and are shared: whoever changes one
// copies it first.
func CacheOptions(o Options) cache.Options {
	kinds := map[client.Object]cache.ByObject{
		&corev1.ConfigMap{}:      {Transform: slimConfigMap},
		&corev1.Namespace{}:      {Transform: slimNamespace},
		&corev1.ServiceAccount{}: {Transform: slimAccount},
	}
	for _, kind := range workloadKinds() {
		kinds[kind.object] = cache.ByObject{Transform: slimWorkload}
	}
	if o.keepsCABundle() {
		ours := named(o.WebhookConfigurationName)
		strip := cache.TransformStripManagedFields()
		kinds[&admissionregistrationv1.ValidatingWebhookConfiguration{}] = cache.ByObject{Field: ours, Transform: strip}
		kinds[&admissionregistrationv1.MutatingWebhookConfiguration{}] = cache.ByObject{Field: ours, Transform: strip}
		kinds[&corev1.Secret{}] = cache.ByObject{Namespaces: map[string]cache.Config{
			o.Namespace: {FieldSelector: named(o.CASecretName), Transform: slimSecret(o.CASecretKey)},
		}}
	}
	shared := true
	options := cache.Options{
		ByObject:                     kinds,
		DefaultTransform:             slimResource,
		DefaultUnsafeDisableDeepCopy: &shared,
		ReaderFailOnMissingInformer:  true,
	}
	if o.WatchFailures != nil {
		options.DefaultWatchErrorHandler = o.WatchFailures.handle
	}
	return options
}

// named selects the objects of one name. The API server holds such a list against the resourceNames of a role, so that the
// guard needs no right to read the others.
func named(name string) fields.Selector {
	return fields.OneTermEqualSelector(metav1.ObjectNameField, name)
}

// The transforms below run twice on what is in the cluster at the start (client-go fills a temporary store with the
// streamed list, and then the queue from that store), so that each must leave alone what it made itself.

// slimNamespace keeps of a namespace who it is, and as its labels what it says to the guard.
func slimNamespace(object any) (any, error) {
	full, ok := object.(*metav1.PartialObjectMetadata)
	if !ok {
		return object, nil
	}
	slim := &metav1.PartialObjectMetadata{TypeMeta: full.TypeMeta, ObjectMeta: identity(&full.ObjectMeta)}
	slim.Labels = policy.NamespaceMarks(full.Labels, full.Annotations)
	return slim, nil
}

// slimSecret keeps a Secret's certificate. Its private key is none of our business.
func slimSecret(dataKey string) toolscache.TransformFunc {
	return func(object any) (any, error) {
		full, ok := object.(*corev1.Secret)
		if !ok {
			return object, nil
		}
		slim := &corev1.Secret{ObjectMeta: identity(&full.ObjectMeta)}
		if value, ok := full.Data[dataKey]; ok {
			slim.Data = map[string][]byte{dataKey: value}
		}
		return slim, nil
	}
}

// identity is the metadata of an object that somebody may ask for.
func identity(meta *metav1.ObjectMeta) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name:              meta.Name,
		Namespace:         meta.Namespace,
		UID:               meta.UID,
		ResourceVersion:   meta.ResourceVersion,
		DeletionTimestamp: meta.DeletionTimestamp,
	}
}

// key is the metadata without which no informer can hold an object.
func key(meta *metav1.ObjectMeta) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: meta.Name, Namespace: meta.Namespace, ResourceVersion: meta.ResourceVersion}
}
