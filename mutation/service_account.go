package mutation

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// IsDefaultAccount tells whether a name stands for the account that a pod gets when it names none.
func IsDefaultAccount(name string) bool { return name == "" || name == workload.DefaultAccount }

// NeedsServiceAccount tells whether a pod template carries no account of its own: none, or the namespace's default.
func NeedsServiceAccount(spec *corev1.PodSpec) bool {
	return workload.AccountOfPods(spec, "").Name == workload.DefaultAccount
}

// PlanServiceAccount gives a pod template an account if it carries none of its own. specPointer is the JSON pointer of the
// pod spec, for instance /spec/template/spec. The deprecated field serviceAccount is kept equal where it is written.
func PlanServiceAccount(spec *corev1.PodSpec, specPointer, account string) []Edit {
	if IsDefaultAccount(account) || !NeedsServiceAccount(spec) {
		return nil
	}
	operations := []Operation{set(spec.ServiceAccountName != "", below(specPointer, "serviceAccountName"), account)}
	if spec.DeprecatedServiceAccount != "" {
		operations = append(operations, set(true, below(specPointer, "serviceAccount"), account))
	}
	return []Edit{{Operations: operations, Reason: accountReason(account)}}
}

func accountReason(account string) string {
	return fmt.Sprintf("the account \"default\" lacks rights at the API server that Flink's processes need, and %q has them; no account of "+
		"its own is named", account)
}
