package mutation

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// defaultAccount is the account that a pod gets when it names none.
const defaultAccount = "default"

// NeedsServiceAccount tells whether a pod template carries no account of its own: none, or the namespace's default.
func NeedsServiceAccount(spec *corev1.PodSpec) bool {
	name := spec.ServiceAccountName
	if name == "" {
		name = spec.DeprecatedServiceAccount
	}
	return name == "" || name == defaultAccount
}

// PlanServiceAccount gives a pod template an account if it carries none of its own. specPointer is the JSON pointer of the
// pod spec, for instance /spec/template/spec. The deprecated field serviceAccount is kept equal where it is written.
func PlanServiceAccount(spec *corev1.PodSpec, specPointer, account string) []Edit {
	if account == defaultAccount || !NeedsServiceAccount(spec) {
		return nil
	}
	operations := []Operation{setAccount(spec.ServiceAccountName, specPointer+"/serviceAccountName", account)}
	if spec.DeprecatedServiceAccount != "" {
		operations = append(operations, setAccount(spec.DeprecatedServiceAccount, specPointer+"/serviceAccount", account))
	}
	return []Edit{{
		Operations: operations,
		Reason: fmt.Sprintf("a Flink process with Kubernetes high availability reads and writes ConfigMaps, for which "+
			"the account %q is meant; the pod names no account of its own", account),
	}}
}

func setAccount(current, pointer, account string) Operation {
	value, _ := json.Marshal(account) // a string always marshals
	if current == "" {
		return Operation{Op: "add", Path: pointer, Value: value}
	}
	return Operation{Op: "replace", Path: pointer, Value: value}
}
