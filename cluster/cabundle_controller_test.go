package cluster

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

func caSecret(value []byte) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "guard", Name: "ca"}, Data: map[string][]byte{"ca.crt": value}}
}

func reconcileCABundles(t *testing.T, c client.Client) (reconcile.Result, error) {
	t.Helper()
	controller := &caBundleController{client: c, options: everything()}
	return controller.Reconcile(t.Context(), reconcile.Request{NamespacedName: types.NamespacedName{Name: "flink-ha-webhook"}})
}

func TestCABundleControllerChangesNothingButBundles(t *testing.T) {
	bundle, _ := certificate(t)
	path, fail := "/validate", admissionregistrationv1.Fail
	before := validating("old", string(bundle))
	before.Labels = map[string]string{"app": "guard"}
	before.Webhooks[0].Name, before.Webhooks[0].FailurePolicy = "validate.flink-ha.dev", &fail
	before.Webhooks[0].ClientConfig.Service = &admissionregistrationv1.ServiceReference{Namespace: "guard", Name: "guard", Path: &path}
	foreign := validating("old")
	foreign.Name = "foreign"
	c := fakeClient(t, caSecret(bundle), before, mutating(""), foreign)

	if result, err := reconcileCABundles(t, c); err != nil || result != (reconcile.Result{}) {
		t.Fatalf("got %+v, %v", result, err)
	}
	want := before.DeepCopy()
	want.Webhooks[0].ClientConfig.CABundle = bundle
	var got admissionregistrationv1.ValidatingWebhookConfiguration
	if err := c.Get(t.Context(), client.ObjectKey{Name: "flink-ha-webhook"}, &got); err != nil {
		t.Fatal(err)
	}
	want.ResourceVersion = got.ResourceVersion
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Errorf("validating (-want,+got):\n%s", diff)
	}
	var other admissionregistrationv1.MutatingWebhookConfiguration
	if err := c.Get(t.Context(), client.ObjectKey{Name: "flink-ha-webhook"}, &other); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(other.Webhooks[0].ClientConfig.CABundle, bundle) {
		t.Error("the mutating configuration has no bundle")
	}
	if err := c.Get(t.Context(), client.ObjectKey{Name: "foreign"}, &got); err != nil || string(got.Webhooks[0].ClientConfig.CABundle) != "old" {
		t.Errorf("a foreign configuration was changed: %v", err)
	}
}

func TestCABundleControllerWaitsForACertificate(t *testing.T) {
	bundle, key := certificate(t)
	cases := map[string]struct {
		objects []client.Object
		trouble bool
	}{
		"no Secret":                {[]client.Object{validating("old")}, false},
		"no certificate in it yet": {[]client.Object{validating("old"), caSecret(nil)}, false},
		"no PEM":                   {[]client.Object{validating("old"), caSecret([]byte("garbage"))}, true},
		"a key in its place":       {[]client.Object{validating("old"), caSecret(key)}, true},
		"no configurations":        {[]client.Object{caSecret(bundle)}, false},
		"nothing to change":        {[]client.Object{validating(string(bundle)), mutating(string(bundle)), caSecret(bundle)}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			patched := false
			c := interceptor.NewClient(fakeClient(t, tc.objects...), interceptor.Funcs{
				Patch: func(context.Context, client.WithWatch, client.Object, client.Patch, ...client.PatchOption) error {
					patched = true
					return nil
				},
			})
			_, err := reconcileCABundles(t, c)
			if tc.trouble != (err != nil) || tc.trouble && !errors.Is(err, reconcile.TerminalError(nil)) {
				t.Errorf("error: %v", err)
			}
			if patched {
				t.Error("a configuration was patched")
			}
		})
	}
}

func TestCABundleControllerTriesAgain(t *testing.T) {
	bundle, _ := certificate(t)
	resource := schema.GroupResource{Resource: "validatingwebhookconfigurations"}
	cases := map[string]struct {
		answer    error
		wantAfter time.Duration
		trouble   bool
	}{
		"changed meanwhile":         {apierrors.NewConflict(resource, "flink-ha-webhook", errors.New("changed")), conflictDelay, false},
		"deleted meanwhile":         {apierrors.NewNotFound(resource, "flink-ha-webhook"), 0, false},
		"the guard lacks the right": {apierrors.NewForbidden(resource, "flink-ha-webhook", errors.New("no")), 0, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			patches := 0
			c := interceptor.NewClient(fakeClient(t, validating("old"), mutating("old"), caSecret(bundle)), interceptor.Funcs{
				Patch: func(context.Context, client.WithWatch, client.Object, client.Patch, ...client.PatchOption) error {
					patches++
					return tc.answer
				},
			})
			result, err := reconcileCABundles(t, c)
			if tc.trouble != (err != nil) || result.RequeueAfter != tc.wantAfter {
				t.Errorf("got %+v, %v", result, err)
			}
			if patches != 2 {
				t.Errorf("%d patches: trouble with one configuration keeps the other from its bundle", patches)
			}
		})
	}
}
