package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// JobManagerRightsMissing and TaskManagerRightsMissing are the rules about rights that an account lacks.
const (
	JobManagerRightsMissing  = "jobmanager-rights-missing"
	TaskManagerRightsMissing = "taskmanager-rights-missing"
)

func jobManagerRightsMissing() Rule {
	return Rule{
		ID:         JobManagerRightsMissing,
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Effect:     "the API server answers the JobManager with 403",
		Summary:    "The service account of the JobManager lacks rights that Flink uses.",
		Why: "With Kubernetes high availability a JobManager leads, and stores what a failover needs, in ConfigMaps. Without the right to list " +
			"or to watch them it exits at start; without the others it never leads, or never cleans up. From 1.18 on it renews its lock with " +
			"PATCH: a Role without \"patch\", as many were written before, works up to 1.17 and loses leadership after the upgrade. " +
			"A native JobManager makes its TaskManagers as pods, and needs rights on pods and on its own Deployment with or without high availability.",
		Remedy: "Bind a Role with these rights to the account, in the namespace that kubernetes.namespace names, such as the one that the " +
			"finding shows. Where roles and bindings are given along with the object, as in a check of rendered files, the finding is certain " +
			"and counts as baseline.",
		Source: "org.apache.flink.kubernetes.kubeclient.Fabric8FlinkKubeClient, KubernetesResourceManagerDriver; ResourceLock of fabric8 " +
			"kubernetes-client; loss of leadership without patch seen with 1.18.1, 1.20.5 and 2.3.0",
		Example: Example{
			Wrong: rightsExample("get, list, watch, create, update, delete"),
			Right: rightsExample("get, list, watch, create, update, patch, delete"),
		},
		Check: checkJobManagerRightsMissing,
	}
}

func rightsExample(verbs string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager}
spec:
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
      - name: jobmanager
        image: flink:1.20.5
        args: [jobmanager, $(POD_IP)]
        env:
        - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.20.5.jar}
        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
` + exampleRole("flink", verbs) + exampleConfiguration
}

// exampleRole is an account with a Role that gives it verbs on ConfigMaps.
func exampleRole(account, verbs string) string {
	return `apiVersion: v1
kind: ServiceAccount
metadata: {name: ` + account + `}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: flink}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [` + verbs + `]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: flink}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: flink}
subjects:
- {kind: ServiceAccount, name: ` + account + `}
---
`
}

// jobManagerConsequences are what happens without a right, gravest first. An informer that may not list or watch fails the start of
// the high availability services, or of the resource manager; who may not get, create or patch the leaders' ConfigMap retries.
func jobManagerConsequences() []consequence {
	return []consequence{
		{"configmaps", []string{"list", "watch"}, "the JobManager exits at start"},
		{"pods", []string{"list", "watch"}, "the JobManager exits at start"},
		{"services", []string{"get", "update"}, "the JobManager exits at start"},
		{"configmaps", []string{"get", "create"}, "no JobManager becomes leader"},
		{"configmaps", []string{"patch"}, "from Flink 1.18 on no JobManager leads for longer than 15 s"},
		{"configmaps", []string{"update"}, "the JobManager cannot say that it leads, nor store its jobs"},
		{"pods", []string{"create"}, "the JobManager makes no TaskManagers"},
		{"deployments", []string{"get"}, "the JobManager makes no TaskManagers"},
		{"pods", []string{"delete"}, "the JobManager cannot remove TaskManagers"},
		{"deployments", []string{"delete"}, "the cluster cannot remove itself when it is done"},
		{"configmaps", []string{"delete", "deletecollection"}, "what finished jobs leave behind in ConfigMaps stays"},
	}
}

func checkJobManagerRightsMissing(subject *Subject) []Violation {
	found, ok := subject.shortageOf(workload.RoleJobManager)
	if !ok {
		return nil
	}
	return []Violation{found.violation(effectOf(found.Missing, jobManagerConsequences()))}
}
