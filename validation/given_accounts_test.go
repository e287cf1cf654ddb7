package validation

import (
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

func TestGivenAccountsSayWhyTheyDoNotKnow(t *testing.T) {
	const (
		account = "kind: ServiceAccount\nmetadata: {name: flink}"
		role    = "kind: Role\nmetadata: {name: flink}\nrules: [{apiGroups: [''], resources: [configmaps], verbs: [get]}]"
		binding = "kind: RoleBinding\nmetadata: {name: flink}\nroleRef: {kind: Role, name: flink}\nsubjects: [{kind: ServiceAccount, name: flink}]"
	)
	for name, tc := range map[string]struct {
		documents []string
		// lacks tells whether the right is missing; unknown is why that cannot be said.
		lacks   bool
		unknown string
	}{
		"it is bound":              {documents: []string{account, role, binding}},
		"nothing binds it":         {documents: []string{account, role}, lacks: true},
		"nothing about rights":     {documents: []string{account}, unknown: "no Role and no binding for the account's namespace is among the objects given"},
		"the role is not among it": {documents: []string{account, binding}, unknown: "a role that is bound to the account is not among the objects given"},
	} {
		given := NewGivenAccounts()
		for _, document := range tc.documents {
			var head struct{ Kind string }
			if err := yaml.Unmarshal([]byte(document), &head); err != nil {
				t.Fatal(err)
			}
			decode := func(into any) error { return yaml.Unmarshal([]byte(document), into) }
			add, err := AccountPiece(head.Kind, "team", decode)
			if err != nil || add == nil {
				t.Fatal(add == nil, err)
			}
			add(given, longAgo())
		}
		answer := given.Access(access.Account{Namespace: "team", Name: "flink"}, "team", []rights.Right{{Resource: "configmaps", Verb: "get"}})
		if answer.Lacking() != tc.lacks || answer.Unknown != tc.unknown || answer.Known != answer.Settled || answer.Known != (tc.unknown == "") {
			t.Errorf("%s: got %+v", name, answer)
		}
	}
	if add, _ := AccountPiece("ConfigMap", "team", nil); add != nil {
		t.Error("a ConfigMap is taken for an account")
	}
}
