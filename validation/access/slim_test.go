package access

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// allRights are what processes of any kind use.
func allRights() []rights.Right {
	var all []rights.Right
	for _, role := range []workload.Role{workload.RoleJobManager, workload.RoleTaskManager} {
		process := rights.Process{Role: role, Native: true, HostNetwork: true, Mode: flink.ModeKubernetes, ClusterID: "demo"}
		all = append(all, rights.Wanted(process)...)
		process.Version = flink.Version{Major: 2, Minor: 3}
		all = append(all, rights.Needed(process)...)
	}
	return append(all, named("update apps/deployments/finalizers")...)
}

func TestSlimRulesGiveTheSame(t *testing.T) {
	groups := [][]string{{""}, {"apps"}, {"*"}, {"batch"}, {"batch", ""}, {"apps", "*"}, {}}
	resources := [][]string{
		{"configmaps"},
		{"pods", "deployments"},
		{"*"},
		{"secrets"},
		{"secrets", "configmaps"},
		{"services", "*"},
		{"*/finalizers"},
		{"deployments/finalizers", "deployments/status"},
		{"*/status"},
		{"*/*"},
		{},
	}
	verbs := [][]string{{"get", "list", "watch", "create"}, {"*"}, {"update", "patch"}, {}}
	names := [][]string{nil, {"demo-cluster-config-map"}, {""}}
	for _, group := range groups {
		for _, resource := range resources {
			for _, verb := range verbs {
				for _, name := range names {
					full := []rbacv1.PolicyRule{
						{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"*"}},
						{APIGroups: group, Resources: resource, Verbs: verb, ResourceNames: name},
						{NonResourceURLs: []string{"*"}, Verbs: []string{"*"}},
					}
					wanted := asRules(allRights())
					if diff := cmp.Diff(uncovered(full, wanted), uncovered(SlimRules(full), wanted)); diff != "" {
						t.Errorf("%v (-full,+slim):\n%s", full[1], diff)
					}
				}
			}
		}
	}
}

func TestSlimRules(t *testing.T) {
	full := []rbacv1.PolicyRule{
		{APIGroups: []string{"", "batch"}, Resources: []string{"secrets", "configmaps"}, ResourceNames: []string{"x"}, Verbs: []string{"get"}},
		{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"get"}},
	}
	want := []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps"}, ResourceNames: []string{"x"}, Verbs: []string{"get"}}}
	if diff := cmp.Diff(want, SlimRules(full)); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestSlimRulesKeepAllThatFlinkUses(t *testing.T) {
	all := asRules(allRights())
	if left := uncovered(SlimRules(all), all); len(left) > 0 {
		t.Errorf("these are lost: %v", left)
	}
}

func TestSlimBindings(t *testing.T) {
	meta := metav1.ObjectMeta{
		Name: "flink", Namespace: "team", UID: "u", ResourceVersion: "7", Labels: map[string]string{"a": "b"},
		Annotations: map[string]string{"a": "b"}, ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl"}},
	}
	slimmed := metav1.ObjectMeta{Name: "flink", Namespace: "team", UID: "u", ResourceVersion: "7"}
	subjects := []rbacv1.Subject{
		{Kind: "User", Name: "jo"},
		{Kind: "Group", Name: "developers"},
		{Kind: "ServiceAccount", Name: "flink"},
		{Kind: "Group", Name: "system:serviceaccounts:team"},
	}
	ref := rbacv1.RoleRef{Kind: "Role", Name: "flink"}
	for name, tc := range map[string]struct{ want, got any }{
		"RoleBinding": {
			&rbacv1.RoleBinding{ObjectMeta: slimmed, RoleRef: ref, Subjects: subjects[2:]},
			SlimRoleBinding(&rbacv1.RoleBinding{ObjectMeta: meta, RoleRef: ref, Subjects: subjects}),
		},
		"ClusterRoleBinding": {
			&rbacv1.ClusterRoleBinding{ObjectMeta: slimmed, RoleRef: ref, Subjects: subjects[2:]},
			SlimClusterRoleBinding(&rbacv1.ClusterRoleBinding{ObjectMeta: meta, RoleRef: ref, Subjects: subjects}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.got); diff != "" {
				t.Errorf("(-want,+got):\n%s", diff)
			}
		})
	}
}
