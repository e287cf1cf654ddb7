package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func serviceAccountMissing() Rule {
	return Rule{
		ID:         "service-account-missing",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload, OfResource},
		Effect:     "Kubernetes makes no pod with it",
		Summary:    "The service account of the pods does not exist.",
		Why: "Kubernetes refuses every pod that names an account which is not there. Pods that run already stay, with a token that is " +
			"worth nothing once the account is gone, and the next failover finds nobody to take over.",
		Remedy: "Make the account first, with the rights that Flink needs, or name one that is there. The operator's chart makes its " +
			"account \"flink\" only in its own namespace and in those of watchNamespaces.",
		Source: "the admission plugin ServiceAccount of Kubernetes (seen with 1.30 and 1.37); docs/operations/rbac of the Flink Kubernetes Operator",
		Example: Example{
			Wrong: missingAccountExample("flnik"),
			Right: missingAccountExample("flink"),
		},
		Check: checkServiceAccountMissing,
	}
}

func missingAccountExample(account string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: taskmanager}
spec:
  selector: {matchLabels: {app: flink, component: taskmanager}}
  template:
    metadata: {labels: {app: flink, component: taskmanager}}
    spec:
      serviceAccountName: ` + account + `
      containers:
      - {name: taskmanager, image: "flink:1.20", args: [taskmanager]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: flink}
`
}

func checkServiceAccountMissing(subject *Subject) []Violation {
	if subject.Around == nil || subject.Namespace == "" || subject.Member == nil {
		return nil
	}
	field, account, at := "serviceAccount", "", flink.Position{}
	if resource := subject.Member.Resource; resource != nil {
		account, at = resource.ServiceAccount, flink.Position{Path: resource.Path + ".serviceAccount"}
	} else if subject.podSpec() != nil {
		named := subject.accountOfPods()
		field, account, at = named.Setting, named.Name, named.Position
	}
	if account == "" || account == defaultAccount { // which Kubernetes makes with every namespace
		return nil
	}
	if found, known := subject.Around.ServiceAccount(subject.Namespace, account); found.Exists || !known {
		return nil
	}
	return []Violation{{
		Option: "serviceAccountName", Setting: field, Position: at, Found: &account,
		Detail: "there is no such account",
		Needed: "an account that exists",
		Remedy: "kubectl -n " + subject.Namespace + " create serviceaccount " + account + ", and give it rights on ConfigMaps",
	}}
}
