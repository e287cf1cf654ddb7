package validation

import (
	"strings"

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

// checkServiceAccountDefault looks where each kind of object names the account.
func checkServiceAccountDefault(subject *Subject) []Violation {
	switch {
	case subject.Kind == OfWorkload:
		return defaultAccountOfPods(subject)
	case subject.Kind == OfResource && subject.Member != nil && subject.Member.Resource != nil:
		// Where it names none, the operator refuses it or has a default of its own.
		resource := subject.Member.Resource
		if resource.ServiceAccount != defaultAccount {
			return nil
		}
		return []Violation{defaultAccountAt(flink.Position{Path: resource.Path + ".serviceAccount"}, "serviceAccount", defaultAccount)}
	case subject.Kind == OfConfiguration && subject.Managed:
		return defaultAccountOfNative(subject)
	}
	return nil
}

func defaultAccountOfPods(subject *Subject) []Violation {
	spec := subject.podSpec()
	if spec == nil {
		return nil
	}
	field, account := accountOf(spec)
	if account != "" && account != defaultAccount {
		return nil
	}
	return []Violation{defaultAccountAt(subject.podField(field), field, account)}
}

func defaultAccountAt(at flink.Position, field, account string) Violation {
	return Violation{
		Option: "serviceAccountName", Setting: field, Position: at, Found: written(account),
		Needed: "an account of its own with rights on ConfigMaps",
		Remedy: field + ": flink",
	}
}

// keyPodTemplateFiles begins the options that name a file with a pod template, which may name an account as well.
const keyPodTemplateFiles = "kubernetes.pod-template-file"

// defaultAccountOfNative is about the TaskManagers that a native JobManager makes: their account comes from the configuration,
// and from a pod template only if the configuration names none.
func defaultAccountOfNative(subject *Subject) []Violation {
	native := strings.HasPrefix(subject.Configuration.Get(flink.KeyTarget, subject.Version).Value(), "kubernetes-")
	if subject.Member != nil {
		native = subject.Member.Process.Deployer == workload.DeployerNative
	}
	reading := subject.Configuration.Get(flink.KeyTaskManagerServiceAccount, subject.Version)
	if !native || reading.Unknown != "" || reading.Value() != defaultAccount {
		return nil
	}
	if !reading.Set {
		for _, setting := range subject.Configuration.Settings {
			if strings.HasPrefix(setting.Key, keyPodTemplateFiles) {
				return nil
			}
		}
	}
	key := flink.KeyServiceAccount
	if reading.Set {
		key = reading.Setting.Key
	}
	at := subject.place(reading.Setting)
	return []Violation{{
		Option: flink.KeyTaskManagerServiceAccount, Setting: key, Position: at, Found: found(reading.Setting, reading.Set),
		Needed: "an account with rights on ConfigMaps and pods, also for the TaskManagers that the JobManager makes",
		Remedy: line(at, key, "flink"),
	}}
}
