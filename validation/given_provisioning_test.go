package validation

import (
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// TestTheGuardGivesAccountsThatAreNotThere asks about the account "flink", which the guard makes and binds in the namespace "team".
func TestTheGuardGivesAccountsThatAreNotThere(t *testing.T) {
	const (
		another = "kind: ServiceAccount\nmetadata: {name: another}"
		flink   = "kind: ServiceAccount\nmetadata: {name: flink}"
		itsOwn  = "kind: ServiceAccount\nmetadata: {name: flink, labels: {app.kubernetes.io/managed-by: flink-ha-webhook}}"
		role    = "kind: Role\nmetadata: {name: other}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]"
		taken   = "kind: RoleBinding\nmetadata: {name: flink-ha-webhook-jobmanager}\nroleRef: {kind: Role, name: other}\nsubjects: [{kind: ServiceAccount, name: another}]"
		owned   = "kind: RoleBinding\nmetadata: {name: flink-ha-webhook-jobmanager, labels: {app.kubernetes.io/managed-by: flink-ha-webhook}}\n" +
			"roleRef: {kind: Role, name: other}\nsubjects: [{kind: ServiceAccount, name: another}]"
		byHand = "kind: RoleBinding\nmetadata: {name: mine}\nroleRef: {kind: ClusterRole, name: flink-ha-webhook-jobmanager}\nsubjects: [{kind: ServiceAccount, name: flink}]"
	)
	for name, tc := range map[string]struct {
		documents []string
		plan      AccountPlan
		// exists and promised are what is known of the account, has and lacks what is known of its right; none of the two is unknown.
		exists, promised, has, lacks bool
	}{
		"not there":                             {documents: []string{another, role}, plan: AccountPlan{Name: "flink", Provisions: true}, exists: true, promised: true, has: true},
		"not there, and no guard":               {documents: []string{another, role}, lacks: true},
		"not there, and another is injected":    {documents: []string{another, role}, plan: AccountPlan{Name: "runner", Provisions: true}, lacks: true},
		"its binding is somebody else's":        {documents: []string{another, role, taken}, plan: AccountPlan{Name: "flink", Provisions: true}, exists: true, promised: true, lacks: true},
		"its binding is the guard's":            {documents: []string{another, role, owned}, plan: AccountPlan{Name: "flink", Provisions: true}, exists: true, promised: true, has: true},
		"made by people":                        {documents: []string{flink, role}, plan: AccountPlan{Name: "flink", Provisions: true}, exists: true, lacks: true},
		"made by people, who may have it bound": {documents: []string{flink, role}, plan: AccountPlan{Name: "flink", Provisions: true, BindsExisting: true}, exists: true, has: true},
		"made by the guard":                     {documents: []string{itsOwn, role}, plan: AccountPlan{Name: "runner", Provisions: true}, exists: true, has: true},
		"bound by hand to the guard's role":     {documents: []string{flink, byHand}, exists: true, has: true},
		"no account is given, so who knows":     {documents: []string{role}, plan: AccountPlan{Name: "flink", Provisions: true}},
	} {
		given := NewGivenAccounts()
		given.Provision(func(string) AccountPlan { return tc.plan })
		for _, document := range tc.documents {
			var head struct{ Kind string }
			if err := yaml.Unmarshal([]byte(document), &head); err != nil {
				t.Fatal(err)
			}
			add, err := AccountPiece(head.Kind, "team", func(into any) error { return yaml.Unmarshal([]byte(document), into) })
			if err != nil {
				t.Fatal(err)
			}
			add(given, longAgo())
		}
		there, _ := given.ServiceAccount("team", "flink")
		answer := given.Access(access.Account{Namespace: "team", Name: "flink"}, "team", []rights.Right{{Resource: "configmaps", Verb: "create"}})
		if there.Exists != tc.exists || there.Promised != tc.promised || answer.Covered() != tc.has || answer.Lacking() != tc.lacks {
			t.Errorf("%s: got %+v and %+v", name, there, answer)
		}
		if !answer.Known && answer.Unknown == "" {
			t.Errorf("%s: it is not said why nothing is known", name)
		}
	}
}
