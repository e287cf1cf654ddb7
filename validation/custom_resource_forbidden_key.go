package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func customResourceForbiddenKey() Rule {
	return Rule{
		ID:         "custom-resource-forbidden-key",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         []Kind{OfResource},
		Effect:     "the operator refuses the resource",
		Summary:    "A custom resource sets an id that the Flink Kubernetes Operator gives to the cluster.",
		Why: "The operator names a cluster after its resource. It refuses a FlinkDeployment whose flinkConfiguration has " +
			"kubernetes.cluster-id, kubernetes.namespace or (since operator 1.4) high-availability.cluster-id: its webhook answers the " +
			"request with an error, and without that webhook nothing is deployed, or the old specification goes on. A FlinkSessionJob is " +
			"not refused; its kubernetes.cluster-id and kubernetes.namespace send the job to another cluster than its deploymentName says.",
		Remedy: "Remove the key. The cluster-id is the name of the resource, the namespace its namespace.",
		Source: "org.apache.flink.kubernetes.operator.validation.DefaultValidator (FORBIDDEN_CONF_KEYS; FLINK-27273 in operator 1.4); " +
			"FlinkConfigManager.getSessionJobConfig, AbstractFlinkService.getClusterClient",
		Example: Example{
			Wrong: `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: shop}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  serviceAccount: flink
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: orders
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
		Check: checkCustomResourceForbiddenKey,
	}
}

func checkCustomResourceForbiddenKey(subject *Subject) []Violation {
	resource := subject.Member.Resource
	var violations []Violation
	for _, setting := range subject.Configuration.Settings {
		given, isForbidden := operatorGives(setting.Key)
		if !isForbidden || setting.Unknown != "" || !strings.HasPrefix(setting.Path, subject.Configuration.Source) {
			continue // what the operator derives itself stands elsewhere in the resource
		}
		violation := Violation{
			Option:   setting.Key,
			Setting:  setting.Key,
			Position: setting.Position,
			Target:   keyOf(setting),
			Found:    found(setting, true),
			Detail:   "the operator takes it from " + given,
			Remedy:   "remove it",
		}
		switch {
		case resource.Kind == workload.KindSessionJob:
			if setting.Value == subject.idOfSession(setting.Key) {
				continue
			}
			violation.Level = policy.LevelStrict
			violation.Detail = "the session cluster is named by spec.deploymentName"
			violation.Effect = "the operator sends the job to the cluster of that name"
		case setting.Key == flink.KeyHAClusterID && !sinceOperator14(resource):
			violation.Level = policy.LevelStrict
			violation.Effect = "the operator (1.4 and later) refuses the resource"
		}
		if resource.Kind == workload.KindDeployment && setting.Value != "" && setting.Value == subject.idFromOperator(setting.Key) {
			violation.Fix = subject.drop(setting) // with another value somebody has to decide what the cluster is called
		}
		violations = append(violations, violation)
	}
	return violations
}

// operatorGives tells where the operator takes an id from.
func operatorGives(key string) (given string, ok bool) {
	switch key {
	case flink.KeyClusterID, flink.KeyHAClusterID:
		return "metadata.name", true
	case flink.KeyNamespace:
		return "metadata.namespace", true
	}
	return "", false
}

// idFromOperator is the id that the operator gives to the cluster of a FlinkDeployment, "" where it is not known.
func (s *Subject) idFromOperator(key string) string {
	if key == flink.KeyNamespace {
		return s.Namespace
	}
	return s.Name
}

// idOfSession is the id that the cluster of a FlinkSessionJob has, "" where that is not known.
func (s *Subject) idOfSession(key string) string {
	if key == flink.KeyNamespace {
		return s.Namespace
	}
	return s.Member.Resource.SessionCluster
}

// sinceOperator14 tells whether only operators from 1.4 on can run a resource: Flink 1.17 came with that one,
// FlinkBlueGreenDeployments with 1.14.
func sinceOperator14(resource *workload.Resource) bool {
	return resource.Version.AtLeast(1, 17) || resource.Kind == workload.KindBlueGreenDeployment
}
