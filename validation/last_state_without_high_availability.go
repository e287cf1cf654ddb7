package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func lastStateWithoutHighAvailability() Rule {
	return Rule{
		ID:         "last-state-without-high-availability",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfResource},
		Modes:      []flink.Mode{flink.ModeNone},
		Effect:     "the operator can take the state over only while the JobManager answers",
		Summary:    "A job is to be upgraded from its last state, and high availability is off.",
		Why: "The HA metadata is what lets the operator find the last checkpoint of a job that is down. Without it the operator asks the " +
			"JobManager for the checkpoint and cancels the job; if the JobManager is gone, the upgrade fails and somebody has to find the " +
			"checkpoint by hand. Operators before 1.10 refuse the combination.",
		Remedy: "Turn high availability on, or write upgradeMode: savepoint (with a savepoint directory) or stateless.",
		Source: "org.apache.flink.kubernetes.operator.reconciler.deployment.ApplicationReconciler.getJobUpgrade; FLINK-35414 (operator 1.10)",
		Example: Example{
			Wrong: `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata:
  name: orders
  namespace: shop
  annotations:
    flink-ha.dev/high-availability: not-required this is a development cluster
spec:
  image: flink:1.20
  flinkVersion: v1_20
  serviceAccount: flink
  flinkConfiguration:
    high-availability.type: NONE
    execution.checkpointing.dir: s3://my-bucket/checkpoints
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
  job:
    jarURI: local:///opt/flink/usrlib/orders.jar
    parallelism: 2
    upgradeMode: last-state
`,
			Right: `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata:
  name: orders
  namespace: shop
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
  job:
    jarURI: local:///opt/flink/usrlib/orders.jar
    parallelism: 2
    upgradeMode: last-state
`,
		},
		Check: checkLastStateWithoutHighAvailability,
	}
}

// checkLastStateWithoutHighAvailability never sees a session job, whose high availability is its cluster's. The operator always
// upgrades those through their JobManager.
func checkLastStateWithoutHighAvailability(subject *Subject) []Violation {
	resource := subject.Member.Resource
	if resource.Job.UpgradeMode != workload.UpgradeLastState || !subject.readable() {
		return nil
	}
	upgradeMode := string(resource.Job.UpgradeMode)
	return []Violation{{
		Option:   "upgradeMode",
		Setting:  "upgradeMode",
		Position: flink.Position{Path: resource.Path + ".job.upgradeMode"},
		Found:    &upgradeMode,
		Detail:   "high availability is off",
		Needed:   "high availability",
		Remedy:   "high-availability.type: kubernetes, or upgradeMode: savepoint",
	}}
}
