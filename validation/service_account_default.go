package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func serviceAccountDefault() Rule {
	return Rule{
		ID:         "service-account-default",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "without rights on ConfigMaps the process exits at start",
		Summary:    "A Flink process with Kubernetes high availability runs as the namespace's default service account.",
		Why: "JobManagers write ConfigMaps and TaskManagers watch them. The account \"default\" has no rights of its own: without any the " +
			"first request is answered with 403, and the process exits. Rights that are given to \"default\" are given to every pod of the " +
			"namespace. Flink's own manifests for TaskManagers name no account, so that whoever follows them finds out late.",
		Remedy: "Give JobManagers and TaskManagers an account of their own that may get, list, watch, create, update, patch and delete " +
			"ConfigMaps, and name it in serviceAccountName. In native mode TaskManagers take theirs from kubernetes.service-account.",
		Source: "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory; KubernetesUtils.resolveUserDefinedValue and " +
			"KubernetesConfigOptions (native mode); https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/resource-providers/standalone/kubernetes/",
		Example: Example{
			Wrong: accountExample(""),
			Right: accountExample("\n      serviceAccountName: flink-jobs"),
		},
		Check: checkServiceAccountDefault,
	}
}

func accountExample(account string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: taskmanager}
spec:
  selector: {matchLabels: {app: flink, component: taskmanager}}
  template:
    metadata: {labels: {app: flink, component: taskmanager}}
    spec:` + account + `
      containers:
      - name: taskmanager
        image: registry.example.com/flink:1.20
        args: [taskmanager]
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: flink-jobs}
---
` + exampleConfiguration
}

// exampleConfiguration is a ConfigMap with nothing wrong in it, in the namespace where the examples are.
const exampleConfiguration = `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  config.yaml: |
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: my-cluster
    kubernetes: {cluster-id: my-cluster, namespace: team}
    state.checkpoints.dir: s3://my-bucket/checkpoints
`

// checkServiceAccountDefault looks where each kind of object names the account. Where it is known what the account may do, other rules
// say what it lacks; with a kubeconfig the process does not use it.
func checkServiceAccountDefault(subject *Subject) []Violation {
	violations := defaultAccounts(subject)
	if len(violations) > 0 && (subject.Configuration.Get(flink.KeyKubeConfig, subject.Version).Set || subject.knowsRights()) {
		return nil
	}
	return violations
}

func defaultAccounts(subject *Subject) []Violation {
	switch {
	case subject.Kind == OfWorkload && subject.podSpec() != nil:
		return defaultAccountAt(subject.accountOfPods())
	case subject.Kind == OfResource && subject.isCluster():
		// Where it names none, the operator refuses it or has a default of its own.
		resource := subject.Member.Resource
		return defaultAccountAt(workload.Account{
			Name: resource.ServiceAccount, Named: true, Setting: "serviceAccount", Position: flink.Position{Path: resource.Path + ".serviceAccount"},
		})
	case subject.Kind == OfConfiguration && subject.Managed:
		return defaultAccountOfNative(subject)
	}
	return nil
}

func defaultAccountAt(account workload.Account) []Violation {
	if account.Name != defaultAccount {
		return nil
	}
	violation := Violation{
		Option: "serviceAccountName", Setting: account.Setting, Position: account.Position,
		Needed: "an account of its own with rights on ConfigMaps",
		Remedy: account.Setting + ": " + suggestedAccount,
	}
	if account.Named {
		violation.Found = &account.Name
	}
	return []Violation{violation}
}

// defaultAccountOfNative is about the TaskManagers that a native JobManager makes: their account comes from the configuration,
// and from a pod template only if the configuration names none.
func defaultAccountOfNative(subject *Subject) []Violation {
	account := workload.AccountOfNative(workload.RoleTaskManager, subject.Configuration, subject.Version)
	if !subject.isNative() || account.Unknown != "" || account.Name != defaultAccount {
		return nil
	}
	violation := Violation{
		Option: flink.KeyTaskManagerServiceAccount, Setting: account.Setting, Position: account.Position,
		Needed: "an account with rights on ConfigMaps and pods, also for the TaskManagers that the JobManager makes",
		Remedy: line(account.Position, account.Setting, suggestedAccount),
	}
	if account.Named {
		violation.Found = &account.Name
	}
	return []Violation{violation}
}
