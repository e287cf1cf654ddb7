package admission

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// The notes have at most 256 characters as long as names are short; what is cut off of longer ones is the least important.

func noteMissing(claim claim, name string) string {
	return fmt.Sprintf("the pods run as the account \"default\", which lacks rights at the API server, and there is no account %q to give them: "+
		"kubectl -n %s create serviceaccount %s, and bind it to the rights that Flink needs", name, claim.namespace, name)
}

func noteInsufficient(claim claim, name string, missing []rights.Right) string {
	return fmt.Sprintf("the pods stay on the account \"default\", since %q lacks rights as well: kubectl -n %s create rolebinding %s "+
		"--clusterrole=%s --serviceaccount=%s:%s. Missing: %s", name, claim.rightsIn, name, roleFor(missing), claim.namespace, name, rights.Describe(missing))
}

// roleFor is the ClusterRole that gives the first of the rights that are missing.
func roleFor(missing []rights.Right) string {
	first := missing[0]
	switch {
	case first.Resource != "configmaps":
		return policy.NativeRole
	case slices.ContainsFunc(missing, func(r rights.Right) bool {
		return r.Verb != "list" && r.Verb != "watch" && r.Resource == first.Resource
	}):
		return policy.JobManagerRole
	}
	return policy.TaskManagerRole
}

func noteCredentials(claim claim, credentials []string, name string, chosen policy.DefaultCredentials) string {
	carried := strings.Join(credentials, ", ")
	switch chosen {
	case policy.DefaultCredentialsBind:
		return fmt.Sprintf("the account \"default\" lacks rights that Flink needs, and the guard binds nothing in this namespace: kubectl -n %s "+
			"create rolebinding flink-default --clusterrole=%s --serviceaccount=%s:default. It carries %s", claim.rightsIn, roleFor(claim.needed), claim.namespace, carried)
	case policy.DefaultCredentialsCopy:
		return fmt.Sprintf("the pods stay on the account \"default\", which lacks rights that Flink needs: %q, which others made, does not carry what "+
			"\"default\" does; give it that or name another account. They would lose %s", name, carried)
	case policy.DefaultCredentialsWarn:
	}
	return "the account \"default\" lacks rights that Flink needs, and carries credentials: name another account for the pods, or choose in the policy " +
		"(serviceAccounts.defaultCredentials: copy or bind). The pods would lose " + carried
}

func notePlanned(name string) string {
	return fmt.Sprintf("the pods run as the account \"default\"; they would get %q where the policy is enforced", name)
}

// kindJob is the kind whose pods stay as they are.
const kindJob = "Job"

// noteRestart is for a workload. The pods of a Job cannot be changed.
func noteRestart(request *admissionv1.AdmissionRequest, name string) string {
	if workloadKind(request) == kindJob {
		return fmt.Sprintf("the pods run as the account \"default\", which lacks rights that Flink needs; a Job's pods cannot be changed: delete the Job and "+
			"create it again, and they get %q", name)
	}
	return fmt.Sprintf("the pods run as the account \"default\", which lacks rights that Flink needs; to give them %q, which restarts them: "+
		"kubectl -n %s set serviceaccount %s %s %s", name, request.Namespace, request.Resource.Resource, request.Name, name)
}

// noteUpgrade is for a custom resource, of which the path of the cluster's specification is given.
func noteUpgrade(request *admissionv1.AdmissionRequest, path, name string) string {
	patch := fmt.Sprintf(`{"serviceAccount":%q}`, name)
	for _, field := range slices.Backward(strings.Split(path, ".")) {
		patch = fmt.Sprintf(`{%q:%s}`, field, patch)
	}
	return fmt.Sprintf("the pods run as the account \"default\", which lacks rights that Flink needs; to give them %q, which restarts them: "+
		"kubectl -n %s patch %s %s --type merge -p '%s'", name, request.Namespace, request.Resource.Resource, request.Name, patch)
}

// noteToken has the edits as a patch to apply. The pods of a Job cannot be changed.
func noteToken(request *admissionv1.AdmissionRequest, edits []mutation.Edit) string {
	if workloadKind(request) == kindJob {
		return "automountServiceAccountToken keeps the token of the account out of the pods; a Job's pods cannot be changed: delete the Job and create it again"
	}
	patch, _ := json.Marshal(mutation.Patch(edits)) // what was planned always marshals
	return fmt.Sprintf("the pods get no token of their account; to mend that, which restarts them: kubectl -n %s patch %s %s --type json -p '%s'",
		request.Namespace, request.Resource.Resource, request.Name, patch)
}

// noteConfiguration is for the configuration of a native cluster.
func noteConfiguration(name, dataKey, why string) string {
	return fmt.Sprintf("the TaskManagers of this cluster run as the account \"default\"; to give them %q, add \"kubernetes.service-account: %s\" to %s, "+
		"which was not done here: %s", name, name, dataKey, why)
}
