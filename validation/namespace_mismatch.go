package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func namespaceMismatch() Rule {
	return Rule{
		ID:         "namespace-mismatch",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfConfiguration, OfWorkload},
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "Flink keeps its HA ConfigMaps there, not beside the cluster",
		Summary:    "Kubernetes high availability is on in a standalone cluster, and kubernetes.namespace is not the cluster's namespace.",
		Why: "The option defaults to the namespace \"default\", wherever the pods run: Flink puts it over the namespace that the pod would " +
			"find by itself. Without rights in that namespace the processes exit with 403. With them the HA ConfigMaps lie where nobody " +
			"looks for them, and clusters of several namespaces with one kubernetes.cluster-id get into each other's way.",
		Remedy: "Set kubernetes.namespace to the namespace of the JobManager and TaskManagers. Keep it if another namespace is meant and " +
			"the service account has its rights there, and exempt the object.",
		Source: "org.apache.flink.kubernetes.kubeclient.FlinkKubeClientFactory, KubernetesConfigOptions.NAMESPACE; seen with 1.18.1 and 2.3.0: " +
			"another namespace works with rights there, and without them Flink exits",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: orders}
data:
  config.yaml: |
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: orders
    kubernetes.cluster-id: orders
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: orders}
data:
  config.yaml: |
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: orders
    kubernetes.cluster-id: orders
    kubernetes.namespace: orders
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: checkNamespaceMismatch,
	}
}

// checkNamespaceMismatch passes over what native clients and the operator make: they set the option by themselves.
func checkNamespaceMismatch(subject *Subject) []Violation {
	if subject.Managed || subject.Namespace == "" || !subject.readable() {
		return nil
	}
	namespace := subject.Configuration.Get(flink.KeyNamespace, subject.Version)
	value := namespace.Value()
	if namespace.Unknown != "" || flink.IsExpanded(value) || value == subject.Namespace {
		return nil
	}
	at := subject.place(namespace.Setting)
	violation := Violation{
		Option:   flink.KeyNamespace,
		Setting:  flink.KeyNamespace,
		Position: at,
		Found:    found(namespace.Setting, namespace.Set),
		Needed:   "the cluster's namespace",
		Remedy:   line(at, flink.KeyNamespace, subject.Namespace),
	}
	if !namespace.Set {
		violation.Effect = `Flink keeps its HA ConfigMaps in the namespace "default"`
	}
	return []Violation{violation}
}
