package matchconditions

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
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
		"everywhere":           {needed.Cluster, role(t, objects, "ClusterRole")},
		"in its own namespace": {needed.Namespace, role(t, objects, "Role")},
	} {
		if diff := cmp.Diff(rights(rules.needed), rights(rules.shipped)); diff != "" {
			t.Errorf("rights %s (-needed,+shipped):\n%s", what, diff)
		}
	}
}

// role returns the rules of the guard's own role of a kind.
func role(t testing.TB, objects resmap.ResMap, kind string) []rbacv1.PolicyRule {
	t.Helper()
	for _, object := range objects.Resources() {
		if object.GetKind() != kind || object.GetName() != "flink-ha-webhook" {
			continue
		}
		var typed rbacv1.ClusterRole
		if err := yaml.UnmarshalStrict([]byte(object.MustYaml()), &typed); err != nil {
			t.Fatal(err)
		}
		return typed.Rules
	}
	t.Fatalf("there is no %s of the guard", kind)
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
