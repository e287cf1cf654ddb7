package evidence

import (
	"slices"
	"testing"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	flinkview "github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// needs are the rights without which a process of the cluster "demo" fails, as the rules have it.
func needs(t *testing.T, of flink.Release, role workload.Role, native bool) []rights.Right {
	t.Helper()
	version, err := flinkview.ParseVersion(string(of))
	if err != nil {
		t.Fatal(err)
	}
	return rights.Needed(rights.Process{Role: role, Native: native, Mode: flinkview.ModeKubernetes, Version: version, ClusterID: "demo"})
}

// withoutPatch are rights but for the one that a hand-made role lacks most often.
func withoutPatch(all []rights.Right) []rights.Right {
	return slices.DeleteFunc(slices.Clone(all), func(right rights.Right) bool { return right.Verb == "patch" })
}

// account makes a service account and binds it to a role.
func (s *suite) account(t *testing.T, namespace, name string, role rbacv1.RoleRef) {
	t.Helper()
	meta := metav1.ObjectMeta{Name: name}
	account := &corev1.ServiceAccount{ObjectMeta: meta}
	if _, err := s.client.CoreV1().ServiceAccounts(namespace).Create(t.Context(), account, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	subject := rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}
	binding := &rbacv1.RoleBinding{ObjectMeta: meta, Subjects: []rbacv1.Subject{subject}, RoleRef: role}
	if _, err := s.client.RbacV1().RoleBindings(namespace).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// role makes a role with these rights, as people write one by hand.
func (s *suite) role(t *testing.T, namespace string, given []rights.Right) rbacv1.RoleRef {
	t.Helper()
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "by-hand"}, Rules: rights.Rules(given)}
	if _, err := s.client.RbacV1().Roles(namespace).Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name}
}

// awaitRights waits until the API server lets the injected account do all that.
func (s *suite) awaitRights(t *testing.T, namespace string, needed []rights.Right) {
	t.Helper()
	for _, right := range needed {
		eventually(t, "the account may "+right.Verb+" "+right.Resource, func() bool {
			review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
				User: "system:serviceaccount:" + namespace + ":" + injected,
				ResourceAttributes: &authorizationv1.ResourceAttributes{
					Namespace: namespace, Verb: right.Verb, Group: right.Group, Resource: right.Resource, Name: right.Name,
				},
			}}
			got, err := s.client.AuthorizationV1().SubjectAccessReviews().Create(t.Context(), review, metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return got.Status.Allowed
		})
	}
}

// kubeconfigOf is a way to the API server with a token of an account, and with no more rights than it has.
func (s *suite) kubeconfigOf(t *testing.T, namespace, account string) string {
	t.Helper()
	path, err := s.ServiceAccountKubeconfig(t.Context(), namespace, account)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s until %s", patience, what)
		}
	}
}
