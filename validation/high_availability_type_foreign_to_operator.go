package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityTypeForeignToOperator() Rule {
	return Rule{
		ID:         "high-availability-type-foreign-to-operator",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfResource},
		// Two factory classes of Flink's own count as Kubernetes high availability; the operator knows one of them.
		Modes:   []flink.Mode{flink.ModeCustom, flink.ModeKubernetes},
		Effect:  "the operator does not see its HA metadata",
		Summary: "The Flink Kubernetes Operator does not recognize the high availability of the cluster.",
		Why: "The operator knows the modes kubernetes and zookeeper, and the class KubernetesHaServicesFactory. With another factory class " +
			"Flink keeps its HA metadata, but the operator acts as if there were none: it cannot bring a job back from its last state, and " +
			"when the resource is deleted the metadata stays behind and wakes up the old jobs in the next cluster of that name.",
		Remedy: "Write high-availability.type: kubernetes (Flink 1.16 and later) or " +
			"org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory.",
		Source: "org.apache.flink.kubernetes.operator.utils.FlinkUtils.isKubernetesHAActivated; AbstractFlinkService.isHaMetadataAvailable, deleteHAData",
		Example: Example{
			Wrong: `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: shop}
spec:
  image: registry.example.com/flink-with-etcd:7
  flinkVersion: v1_20
  serviceAccount: flink
  flinkConfiguration:
    high-availability.type: com.example.EtcdHaFactory
    high-availability.storageDir: s3://my-bucket/ha
    execution.checkpointing.dir: s3://my-bucket/checkpoints
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
`,
			Right: `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: shop}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  serviceAccount: flink
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    execution.checkpointing.dir: s3://my-bucket/checkpoints
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
`,
		},
		Check: checkHighAvailabilityTypeForeignToOperator,
	}
}

func checkHighAvailabilityTypeForeignToOperator(subject *Subject) []Violation {
	setting := subject.highAvailability().Setting
	if !subject.readable() || operatorKnows(setting.Value) {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyHighAvailabilityType,
		Setting:  setting.Key,
		Position: setting.Position,
		Found:    found(setting, true),
		Needed:   "kubernetes or zookeeper",
		Remedy:   line(setting.Position, setting.Key, "kubernetes"),
	}
	if subject.Version.Before(1, 16) {
		violation.Needed = "a mode or class that the operator knows"
		violation.Remedy = line(setting.Position, setting.Key, operatorsFactory)
	}
	return []Violation{violation}
}

// operatorsFactory is the one factory class that the operator recognizes.
const operatorsFactory = "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"

// operatorKnows follows FlinkUtils.isKubernetesHAActivated, which compares both words in any case.
func operatorKnows(mode string) bool {
	return strings.EqualFold(mode, "kubernetes") || strings.EqualFold(mode, operatorsFactory)
}
