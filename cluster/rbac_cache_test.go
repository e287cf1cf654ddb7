package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestSlimRoleBindingKeepsOursWhole(t *testing.T) {
	full := bound("team", policy.JobManagerRole, "ClusterRole", policy.JobManagerRole, "team", "flink")
	full.ObjectMeta = metav1.ObjectMeta{
		Namespace: "team", Name: policy.JobManagerRole, UID: "u", ResourceVersion: "7", Annotations: map[string]string{"a": "b"},
		Labels: map[string]string{"app.kubernetes.io/managed-by": "flink-ha-webhook", "a": "b"},
	}
	full.Subjects = append(full.Subjects, rbacv1.Subject{Kind: "User", APIGroup: "rbac.authorization.k8s.io", Name: "somebody"})
	want := full.DeepCopy()
	want.Annotations, want.Labels = nil, map[string]string{"app.kubernetes.io/managed-by": "flink-ha-webhook"}
	if diff := cmp.Diff(want, transformTwice(t, slimRoleBinding, full)); diff != "" {
		t.Errorf("kept (-want,+got):\n%s", diff)
	}
}

func TestSlimRBACKeepsWhatCanGiveRights(t *testing.T) {
	meta := metav1.ObjectMeta{Namespace: "team", Name: "some", UID: "u", ResourceVersion: "7", Labels: map[string]string{"a": "b"}}
	kept := metav1.ObjectMeta{Namespace: "team", Name: "some", ResourceVersion: "7"}
	rules := append(configMapRules(), rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}})
	ref := rbacv1.RoleRef{Kind: "ClusterRole", Name: "some"}
	mine, person := rbacv1.Subject{Kind: "ServiceAccount", Namespace: "team", Name: "flink"}, rbacv1.Subject{Kind: "User", Name: "somebody"}

	wantRole := &rbacv1.Role{ObjectMeta: kept, Rules: configMapRules()}
	if diff := cmp.Diff(wantRole, transformTwice(t, slimRole, &rbacv1.Role{ObjectMeta: meta, Rules: rules})); diff != "" {
		t.Errorf("Role (-want,+got):\n%s", diff)
	}
	wantClusterRole := &rbacv1.ClusterRole{ObjectMeta: kept, Rules: configMapRules()}
	if diff := cmp.Diff(wantClusterRole, transformTwice(t, slimClusterRole, &rbacv1.ClusterRole{ObjectMeta: meta, Rules: rules})); diff != "" {
		t.Errorf("ClusterRole (-want,+got):\n%s", diff)
	}
	wantBinding := &rbacv1.RoleBinding{ObjectMeta: kept, Subjects: []rbacv1.Subject{mine}, RoleRef: ref}
	if diff := cmp.Diff(wantBinding, transformTwice(t, slimRoleBinding, &rbacv1.RoleBinding{ObjectMeta: meta, Subjects: []rbacv1.Subject{person, mine}, RoleRef: ref})); diff != "" {
		t.Errorf("RoleBinding (-want,+got):\n%s", diff)
	}
	wantForeign := &rbacv1.ClusterRoleBinding{ObjectMeta: kept}
	if diff := cmp.Diff(wantForeign, transformTwice(t, slimClusterRoleBinding, &rbacv1.ClusterRoleBinding{ObjectMeta: meta, Subjects: []rbacv1.Subject{person}, RoleRef: ref})); diff != "" {
		t.Errorf("ClusterRoleBinding of a person (-want,+got):\n%s", diff)
	}
	if got := transformTwice(t, slimClusterRole, clusterAdmin()); bootstrapped(got) != 1 || len(got.Rules) != 1 || got.UID != "" {
		t.Errorf("of the API server's role: %+v", got)
	}
}
