package cluster

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

func namespace(name string, labels ...string) *corev1.Namespace {
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for i := 0; i+1 < len(labels); i += 2 {
		metav1.SetMetaDataLabel(&object.ObjectMeta, labels[i], labels[i+1])
	}
	return object
}

func terminating(name string) *corev1.Namespace {
	object := namespace(name)
	object.DeletionTimestamp, object.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"kubernetes"}
	return object
}

func account(namespace, name, managedBy string) *corev1.ServiceAccount {
	object := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	if managedBy != "" {
		metav1.SetMetaDataLabel(&object.ObjectMeta, "app.kubernetes.io/managed-by", managedBy)
	}
	return object
}

func binding(namespace string) *rbacv1.RoleBinding {
	return &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "flink-ha-webhook-flink"}}
}

func reconcileNamespace(t *testing.T, c client.Client, stores *objectStores, name string) error {
	t.Helper()
	controller := &serviceAccountController{client: c, stores: stores, options: everything()}
	result, err := controller.Reconcile(t.Context(), reconcile.Request{NamespacedName: types.NamespacedName{Namespace: name}})
	if result != (reconcile.Result{}) {
		t.Errorf("asks to be called again: %+v", result)
	}
	return err
}

func TestServiceAccountControllerMakesWhatIsMissing(t *testing.T) {
	const us = "flink-ha-webhook"
	flink := deployment("team", "jm", "flink", "jobmanager")
	made := []string{"ServiceAccount flink", "RoleBinding flink-ha-webhook-flink"}
	cases := map[string]struct {
		objects   []client.Object
		namespace string
		want      []string
	}{
		"a workload names it, and it is not there": {[]client.Object{namespace("team"), flink}, "team", made},
		"nobody names it":                          {[]client.Object{namespace("team"), deployment("team", "web", "flink", "serve")}, "team", nil},
		"somebody in another namespace names it":   {[]client.Object{namespace("other"), flink}, "other", nil},
		"both are there":                           {[]client.Object{namespace("team"), flink, account("team", "flink", us), binding("team")}, "team", nil},
		"our account has lost its binding":         {[]client.Object{namespace("team"), account("team", "flink", us)}, "team", made[1:]},
		"the account is somebody else's":           {[]client.Object{namespace("team"), flink, account("team", "flink", "")}, "team", nil},
		"the account is Helm's":                    {[]client.Object{namespace("team"), flink, account("team", "flink", "Helm")}, "team", nil},
		"only the binding is left":                 {[]client.Object{namespace("team"), flink, binding("team")}, "team", made[:1]},
		"the namespace is going":                   {[]client.Object{terminating("team"), flink}, "team", nil},
		"the namespace is not known yet":           {[]client.Object{flink}, "team", nil},
		"the namespace is free of the guard":       {[]client.Object{namespace("team", "flink-ha.dev/guard", "disabled"), flink}, "team", nil},
		"the namespace is labelled otherwise":      {[]client.Object{namespace("team", "flink-ha.dev/guard", "no"), flink}, "team", made},
		"the namespace is the guard's": {
			[]client.Object{namespace("guard"), deployment("guard", "jm", "flink", "jobmanager")}, "guard", nil,
		},
		"the namespace is the control plane's": {
			[]client.Object{namespace("kube-system"), deployment("kube-system", "jm", "flink", "jobmanager")}, "kube-system", nil,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var created []string
			stores, others := storesWith(t, tc.objects...)
			recording := interceptor.NewClient(fakeClient(t, others...), interceptor.Funcs{
				Create: func(ctx context.Context, c client.WithWatch, object client.Object, opts ...client.CreateOption) error {
					created = append(created, kindOf(object)+" "+object.GetName())
					return c.Create(ctx, object, opts...)
				},
			})
			for range 2 { // the second time finds everything done
				if err := reconcileNamespace(t, recording, stores, tc.namespace); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tc.want, created); diff != "" {
				t.Errorf("created (-want,+got):\n%s", diff)
			}
		})
	}
}

func kindOf(object client.Object) string {
	switch object.(type) {
	case *corev1.ServiceAccount:
		return "ServiceAccount"
	case *rbacv1.RoleBinding:
		return "RoleBinding"
	}
	return "?"
}

func TestServiceAccountControllerBindsTheShippedRole(t *testing.T) {
	stores, others := storesWith(t, namespace("team"), deployment("team", "jm", "flink", "jobmanager"))
	c := fakeClient(t, others...)
	if err := reconcileNamespace(t, c, stores, "team"); err != nil {
		t.Fatal(err)
	}
	var account corev1.ServiceAccount
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: "team", Name: "flink"}, &account); err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{"app.kubernetes.io/managed-by": "flink-ha-webhook"}
	if diff := cmp.Diff(labels, account.Labels); diff != "" || account.AutomountServiceAccountToken != nil {
		t.Errorf("account: automount %v, labels (-want,+got):\n%s", account.AutomountServiceAccountToken, diff)
	}
	var got rbacv1.RoleBinding
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: "team", Name: "flink-ha-webhook-flink"}, &got); err != nil {
		t.Fatal(err)
	}
	want := rbacv1.RoleBinding{
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: "team", Name: "flink"}},
		RoleRef:  rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "flink-ha-webhook-flink-cluster"},
	}
	if diff := cmp.Diff(want.Subjects, got.Subjects); diff != "" {
		t.Errorf("subjects (-want,+got):\n%s", diff)
	}
	if diff := cmp.Diff(want.RoleRef, got.RoleRef); diff != "" {
		t.Errorf("role (-want,+got):\n%s", diff)
	}
	if diff := cmp.Diff(labels, got.Labels); diff != "" {
		t.Errorf("labels of the binding (-want,+got):\n%s", diff)
	}
}

func TestServiceAccountControllerReportsOnlyTrouble(t *testing.T) {
	resource := schema.GroupResource{Resource: "serviceaccounts"}
	terminating := apierrors.NewForbidden(resource, "flink", errors.New("because it is being terminated"))
	terminating.ErrStatus.Details.Causes = append(terminating.ErrStatus.Details.Causes, metav1.StatusCause{Type: corev1.NamespaceTerminatingCause})
	cases := map[string]struct {
		answer  error
		trouble bool
	}{
		"the namespace is being terminated": {terminating, false},
		"the namespace is gone":             {apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "team"), false},
		"somebody was faster":               {apierrors.NewAlreadyExists(resource, "flink"), false},
		"the guard lacks the right":         {apierrors.NewForbidden(resource, "flink", errors.New("no")), true},
		"the role is missing":               {apierrors.NewNotFound(schema.GroupResource{Resource: "clusterroles"}, FlinkClusterRole), true},
		"the API server cannot be reached":  {errors.New("connection refused"), true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var created []string
			stores, others := storesWith(t, namespace("team"), deployment("team", "jm", "flink", "jobmanager"))
			c := interceptor.NewClient(fakeClient(t, others...), interceptor.Funcs{
				Create: func(_ context.Context, _ client.WithWatch, object client.Object, _ ...client.CreateOption) error {
					created = append(created, kindOf(object))
					return tc.answer
				},
			})
			err := reconcileNamespace(t, c, stores, "team")
			if tc.trouble != (err != nil) || tc.trouble && !errors.Is(err, tc.answer) {
				t.Errorf("error: %v", err)
			}
			if !slices.Equal(created, []string{"ServiceAccount"}) {
				t.Errorf("tried to create %v; an account that is not ours must not be bound", created)
			}
		})
	}
}
