package admission

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

func TestAccountsOfExamples(t *testing.T) {
	const (
		account = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: flink, annotations: {eks.amazonaws.com/role-arn: arn}}
automountServiceAccountToken: false
imagePullSecrets: [{name: registry}]
---
`
		role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: flink}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get]}
---
`
		binding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: flink}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: flink}
subjects:
- {kind: ServiceAccount, name: flink}
`
	)
	flink := access.Account{Namespace: exampleNamespace, Name: "flink"}
	get, list := rights.Right{Resource: "configmaps", Verb: "get"}, rights.Right{Resource: "configmaps", Verb: "list"}
	world := worldWith(t, account+role+binding)
	no := false
	want := validation.Account{Exists: true, Automount: &no, Credentials: []string{"imagePullSecrets", "eks.amazonaws.com/role-arn"}}
	if got, known := world.around.ServiceAccount(flink.Namespace, flink.Name); !known || !cmp.Equal(got, want) {
		t.Errorf("got %+v, %v", got, known)
	}
	if got, known := world.around.ServiceAccount(flink.Namespace, "other"); !known || got.Exists {
		t.Errorf("another account: got %+v, %v", got, known)
	}
	if got, known := world.around.ServiceAccount(flink.Namespace, "default"); !known || !got.Exists {
		t.Errorf("default: got %+v, %v", got, known)
	}
	answer := world.around.Access(flink, exampleNamespace, []rights.Right{get, list})
	if diff := cmp.Diff(access.Answer{Known: true, Missing: []rights.Right{list}, Changed: exampleDay()}, answer); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
	world.remove(binding)
	if answer := world.around.Access(flink, exampleNamespace, []rights.Right{get}); !answer.Lacking() {
		t.Errorf("without the binding: got %+v", answer)
	}
	world.remove(account, role)
	if _, known := world.around.ServiceAccount(flink.Namespace, flink.Name); known {
		t.Error("accounts are known where there are none")
	}
	if answer := world.around.Access(flink, exampleNamespace, []rights.Right{get}); answer.Known {
		t.Errorf("without an object: got %+v", answer)
	}
}
