package cluster

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// transformTwice transforms an object as client-go does at the start: what came out once goes in again.
func transformTwice[T any](t *testing.T, transform toolscache.TransformFunc, object T) T {
	t.Helper()
	once, err := transform(object)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := transform(once)
	if err != nil {
		t.Fatal(err)
	}
	if once == twice {
		return twice.(T)
	}
	if diff := cmp.Diff(once, twice); diff != "" {
		t.Errorf("a second transformation changes the object (-once,+twice):\n%s", diff)
	}
	return twice.(T)
}

func everything() Options {
	return Options{
		Namespace: "guard", WebhookConfigurationName: "flink-ha-webhook", CASecretName: "ca", CASecretKey: "ca.crt",
		Policy: accountsPolicy(policy.ServiceAccounts{Inject: true, Name: "flink", Provision: true}),
		Judge:  func(*inventory.Member) []validation.Finding { return nil },
	}
}

func TestSlimSecretKeepsNoPrivateKey(t *testing.T) {
	full := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "ca", Namespace: "guard", Annotations: map[string]string{"a": "b"}},
		Data:       map[string][]byte{"ca.crt": []byte("certificate"), "tls.key": []byte("key")},
		Type:       corev1.SecretTypeTLS,
	}
	want := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "ca", Namespace: "guard"},
		Data:       map[string][]byte{"ca.crt": []byte("certificate")},
	}
	if diff := cmp.Diff(want, transformTwice(t, slimSecret("ca.crt"), full)); diff != "" {
		t.Errorf("kept (-want,+got):\n%s", diff)
	}
	if got := transformTwice(t, slimSecret("other"), full); got.Data != nil {
		t.Error("data of another key was kept")
	}
}

func TestSlimNamespaceKeepsWhatItSaysToTheGuard(t *testing.T) {
	full := &metav1.PartialObjectMetadata{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{
			Name: "team", UID: "u", Annotations: map[string]string{"a": "b", "flink-ha.dev/service-account": "own"},
			Labels: map[string]string{"flink-ha.dev/guard": "disabled", "app.kubernetes.io/managed-by": "Helm", "other": "x"},
		},
	}
	want := &metav1.PartialObjectMetadata{
		TypeMeta: full.TypeMeta,
		ObjectMeta: metav1.ObjectMeta{
			Name: "team", UID: "u", Labels: map[string]string{"flink-ha.dev/guard": "disabled", "flink-ha.dev/service-account": "own"},
		},
	}
	if diff := cmp.Diff(want, transformTwice(t, slimNamespace, full)); diff != "" {
		t.Errorf("kept (-want,+got):\n%s", diff)
	}
	full.Labels["flink-ha.dev/service-account"] = "labelled"
	if got := transformTwice(t, slimNamespace, full).Labels["flink-ha.dev/service-account"]; got != "labelled" {
		t.Errorf("account of a label and an annotation: got %q, want the label's", got)
	}
}

// An informer asks for list and watch of its kind, and of one object where it is held to a name; a transform or a right that
// was forgotten would show in production only.
func TestCacheOptionsAskForNoMoreThanTheRights(t *testing.T) {
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]Options{
		"everything":                         everything(),
		"cert-manager keeps the CA bundle":   {Namespace: "guard", Policy: everything().Policy},
		"accounts are injected but not made": {Namespace: "guard", Policy: accountsPolicy(policy.ServiceAccounts{Inject: true, Name: "flink"})},
		"no accounts":                        {Namespace: "guard", Policy: accountsPolicy(policy.ServiceAccounts{Provision: true, Name: "flink"})},
	}
	for name, o := range cases {
		t.Run(name, func(t *testing.T) {
			caches, rbac := CacheOptions(o), rbacCacheOptions(o)
			if !caches.ReaderFailOnMissingInformer || !rbac.ReaderFailOnMissingInformer {
				t.Error("a read may start an informer")
			}
			maps.Copy(caches.ByObject, rbac.ByObject)
			want, got := map[string]string{}, map[string]string{}
			rights := RightsNeeded(o)
			for _, rule := range append(rights.Cluster, rights.Namespace...) {
				for _, verb := range rule.Verbs {
					if verb == "watch" {
						want[rule.APIGroups[0]+"/"+rule.Resources[0]] = selectorOf(rule.ResourceNames)
					}
				}
			}
			for object, config := range caches.ByObject {
				gvk, err := apiutil.GVKForObject(object, scheme)
				if err != nil {
					t.Fatal(err)
				}
				resource, _ := meta.UnsafeGuessKindToResource(gvk)
				field := config.Field
				if len(config.Namespaces) > 0 {
					field = config.Namespaces["guard"].FieldSelector
				}
				got[resource.Group+"/"+resource.Resource] = ""
				if field != nil {
					got[resource.Group+"/"+resource.Resource] = field.String()
				}
				if config.Transform == nil && len(config.Namespaces) == 0 {
					t.Errorf("%s has the transform of custom resources", resource.Resource)
				}
			}
			for _, kind := range resourceKinds() { // they come and go, and have the default transform
				got[workload.ResourceGroup+"/"+kind.resource] = ""
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("watched kinds and the names they are held to (-rights,+caches):\n%s", diff)
			}
		})
	}
}

func selectorOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return named(names[0]).String()
}

// accountsPolicy is the default policy but for its part about accounts.
func accountsPolicy(accounts policy.ServiceAccounts) func() *policy.Policy {
	p := policy.Default()
	p.ServiceAccounts = accounts
	return func() *policy.Policy { return &p }
}
