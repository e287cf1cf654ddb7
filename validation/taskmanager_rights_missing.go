package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func taskManagerRightsMissing() Rule {
	return Rule{
		ID:         TaskManagerRightsMissing,
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "the API server answers the TaskManagers with 403",
		Summary:    "The service account of the TaskManagers lacks rights that Kubernetes high availability uses.",
		Why: "TaskManagers learn from a ConfigMap which JobManager leads. The manifests in Flink's documentation give the account with the " +
			"rights to JobManagers only. In native mode the JobManager makes the TaskManagers with the account that its configuration names, " +
			"whatever account it has itself.",
		Remedy: "Bind a Role that may list and watch ConfigMaps to the account, in the namespace that kubernetes.namespace names, such as the " +
			"one that the finding shows, or give the TaskManagers the account of the JobManager.",
		Source: "org.apache.flink.kubernetes.highavailability.KubernetesLeaderRetrievalDriver, " +
			"org.apache.flink.kubernetes.kubeclient.resources.KubernetesConfigMapSharedInformer",
		Example: Example{
			Wrong: followersExample("jobmanager"),
			Right: followersExample("taskmanager"),
		},
		Check: checkTaskManagerRightsMissing,
	}
}

// followersExample has TaskManagers with an account of their own, and a Role for an account.
func followersExample(bound string) string {
	const own = `---
apiVersion: v1
kind: ServiceAccount
metadata: {name: taskmanager}
`
	example := `apiVersion: apps/v1
kind: Deployment
metadata: {name: taskmanager}
spec:
  selector: {matchLabels: {app: flink, component: taskmanager}}
  template:
    metadata: {labels: {app: flink, component: taskmanager}}
    spec:
      serviceAccountName: taskmanager
      containers:
      - name: taskmanager
        image: flink:1.20.5
        args: [taskmanager]
        env:
        - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.20.5.jar}
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
`
	if bound != "taskmanager" {
		example += own
	}
	return example + "---\n" + exampleRole(bound, "list, watch") + exampleConfiguration
}

func checkTaskManagerRightsMissing(subject *Subject) []Violation {
	found, ok := subject.shortageOf(workload.RoleTaskManager)
	if !ok || subject.saysOfJobManager(found.account) {
		return nil
	}
	return []Violation{found.violation("TaskManagers exit at start")}
}

// saysOfJobManager tells whether an account is said to lack rights for the JobManager, which needs all that TaskManagers do.
func (s *Subject) saysOfJobManager(account workload.Account) bool {
	leader, ok := s.shortageOf(workload.RoleJobManager)
	return ok && leader.account.Name == account.Name
}
