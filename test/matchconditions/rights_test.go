package matchconditions

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	flinkrights "github.com/flink-ha/flink-ha-webhook/flink/rights"
	flinkworkload "github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestGuardHasTheRightsThatItNeedsAndNoOthers compares the shipped roles with what the code says it needs.
func TestGuardHasTheRightsThatItNeedsAndNoOthers(t *testing.T) {
	const secret = "flink-ha-webhook-ca"
	preset := policy.Default()
	needed := cluster.RightsNeeded(cluster.Options{
		Namespace: "flink-ha-system", WebhookConfigurationName: "flink-ha-webhook", CASecretName: secret, CASecretKey: "ca.crt",
		Policy: func() *policy.Policy { return &preset },
		Judge:  func(*inventory.Member) []validation.Finding { return nil },
	})
	needed.Namespace = append(needed.Namespace,
		// What cert-manager's authority does with the Secret: it watches it, makes it, and writes a new CA into it.
		rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"list", "watch", "update"}, ResourceNames: []string{secret}},
		rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"create"}},
	)
	objects := rendered(t)
	for what, rules := range map[string]struct{ needed, shipped []rbacv1.PolicyRule }{
		"everywhere":           {needed.Cluster, role(t, objects, "ClusterRole", "flink-ha-webhook")},
		"in its own namespace": {needed.Namespace, role(t, objects, "Role", "flink-ha-webhook")},
	} {
		if diff := cmp.Diff(rights(rules.needed), rights(rules.shipped)); diff != "" {
			t.Errorf("rights %s (-needed,+shipped):\n%s", what, diff)
		}
	}
}

// TestShippedRolesGiveWhatFlinkUses compares the roles that the guard binds with what the processes of all versions use.
func TestShippedRolesGiveWhatFlinkUses(t *testing.T) {
	objects := rendered(t)
	for name, process := range map[string]flinkrights.Process{
		policy.JobManagerRole:  {Role: flinkworkload.RoleJobManager, Mode: flink.ModeKubernetes},
		policy.NativeRole:      {Role: flinkworkload.RoleJobManager, Native: true, HostNetwork: true, Mode: flink.ModeNone},
		policy.TaskManagerRole: {Role: flinkworkload.RoleTaskManager, Mode: flink.ModeKubernetes},
	} {
		var used []rbacv1.PolicyRule
		for _, version := range []string{"1.12.7", "1.17.2", "1.18.0", "1.18.1", "1.20.5", "2.3.0"} {
			parsed, err := flink.ParseVersion(version)
			if err != nil {
				t.Fatal(err)
			}
			process.Version = parsed
			used = append(used, flinkrights.Rules(flinkrights.Wanted(process))...)
		}
		if name == policy.NativeRole {
			// Not Flink's, but of a cluster with the admission plugin OwnerReferencesPermissionEnforcement.
			used = append(used, rbacv1.PolicyRule{APIGroups: []string{"apps"}, Resources: []string{"deployments/finalizers"}, Verbs: []string{"update"}})
		}
		if diff := cmp.Diff(rights(used), rights(role(t, objects, "ClusterRole", name))); diff != "" {
			t.Errorf("%s (-used,+shipped):\n%s", name, diff)
		}
	}
}

// role returns the rules of a role.
func role(t testing.TB, objects resmap.ResMap, kind, name string) []rbacv1.PolicyRule {
	t.Helper()
	for _, object := range objects.Resources() {
		if object.GetKind() != kind || object.GetName() != name {
			continue
		}
		var typed rbacv1.ClusterRole
		if err := yaml.UnmarshalStrict([]byte(object.MustYaml()), &typed); err != nil {
			t.Fatal(err)
		}
		return typed.Rules
	}
	t.Fatalf("there is no %s %s", kind, name)
	return nil
}

// rights are the single rights of rules. The lease's name is the manager's business, which the rules do not know.
func rights(rules []rbacv1.PolicyRule) []string {
	var all []string
	for _, rule := range rules {
		names := rule.ResourceNames
		if len(names) == 0 || rule.Resources[0] == "leases" {
			names = []string{"*"}
		}
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				for _, name := range names {
					all = append(all, verb+" "+rule.APIGroups[0]+"/"+resource+" "+name)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
