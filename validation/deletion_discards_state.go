package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func deletionDiscardsState() Rule {
	return Rule{
		ID:         "deletion-discards-state",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfDeletion},
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "the HA metadata is deleted too, and no savepoint is recorded",
		Summary:    "A custom resource is deleted whose job goes on from its last state, and no savepoint of it is known.",
		Why: "When a FlinkDeployment is deleted, the operator cancels its job and deletes the HA metadata, also of a job that is suspended. " +
			"Checkpoints stay in their directory, but nothing says any more which of them was the last: a new FlinkDeployment of the same " +
			"name starts from empty state. The clusters of a FlinkBlueGreenDeployment are deleted with it, in the same way.",
		Remedy: "Take a savepoint first (a FlinkStateSnapshot), or write kubernetes.operator.job.savepoint-on-deletion: \"true\" into " +
			"spec.flinkConfiguration and let the operator take it over before you delete the resource.",
		Source: "org.apache.flink.kubernetes.operator.reconciler.deployment.ApplicationReconciler.cleanupInternal; " +
			"AbstractFlinkService.deleteClusterDeployment; SuspendMode.deleteHaMeta",
		Example: Example{
			Wrong:    exampleOfDeletion(""),
			Right:    exampleOfDeletion("    kubernetes.operator.job.savepoint-on-deletion: \"true\"\n"),
			Deletion: true,
		},
		Check: checkDeletionDiscardsState,
	}
}

func exampleOfDeletion(line string) string {
	return `apiVersion: flink.apache.org/v1beta1
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
    execution.checkpointing.savepoint-dir: s3://my-bucket/savepoints
` + line + `  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
  job:
    jarURI: local:///opt/flink/usrlib/orders.jar
    parallelism: 2
    upgradeMode: last-state
status:
  jobStatus: {state: RUNNING, jobId: 5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d}
  reconciliationStatus: {state: DEPLOYED, lastReconciledSpec: "{}"}
`
}

// keySavepointOnDeletion makes the operator stop a running job with a savepoint when its resource is deleted
// (KubernetesOperatorConfigOptions.SAVEPOINT_ON_DELETION, for a single resource since operator 1.7).
const keySavepointOnDeletion = "kubernetes.operator.job.savepoint-on-deletion"

// checkDeletionDiscardsState never sees a session job, whose high availability is its cluster's.
func checkDeletionDiscardsState(subject *Subject) []Violation {
	resource := subject.Member.Resource
	if resource.Job.UpgradeMode != workload.UpgradeLastState || !subject.readable() {
		return nil
	}
	job := jobStatusOf(subject.Member.Content)
	switch {
	case !job.deployed || job.hasSavepoint:
		return nil
	case job.ended && (job.upgrading || resource.Job.State == workload.JobSuspended):
		return []Violation{discardedWhileStopped(resource)}
	case job.ended:
		return nil
	}
	own, isSet := subject.Configuration.Lookup(keySavepointOnDeletion)
	value, known := subject.savepointOnDeletion(own, isSet)
	if known && strings.EqualFold(value, "true") || own.Unknown != "" {
		return nil
	}
	violation := Violation{
		Option:   keySavepointOnDeletion,
		Setting:  keySavepointOnDeletion,
		Position: subject.place(own),
		Found:    found(own, isSet),
		Remedy:   "take a savepoint first, or set it to \"true\"",
	}
	if !known {
		violation.Detail = "unless in the operator's defaults"
	}
	return []Violation{violation}
}

// discardedWhileStopped is about a job that the operator has stopped and left to its HA metadata. Its cluster is gone, and so
// nothing can take a savepoint any more.
func discardedWhileStopped(resource *workload.Resource) Violation {
	state := string(resource.Job.State)
	violation := Violation{
		Option:   "state",
		Setting:  "state",
		Position: flink.Position{Path: resource.Path + ".job.state"},
		Found:    &state,
		Remedy:   "let the job run, and take a savepoint first",
	}
	if resource.Job.State != workload.JobSuspended {
		violation.Detail = "the job is stopped for an upgrade"
		violation.Remedy = "wait until the job runs, and take a savepoint first"
	}
	return violation
}

// savepointOnDeletion is an option of the operator itself, which the resource may set over the operator's own configuration.
func (s *Subject) savepointOnDeletion(own flink.Setting, isSet bool) (value string, known bool) {
	if isSet {
		return own.Value, own.Unknown == ""
	}
	around, ok := s.inventory()
	if !ok {
		return "", false
	}
	defaults := around.OperatorDefaults()
	if defaults == nil {
		return "", false
	}
	reading := defaults.OfOperator(keySavepointOnDeletion, s.Namespace, s.Member.Resource.Version)
	return reading.Value(), reading.Unknown == ""
}

// jobStatus is what the operator has written down of a job (org.apache.flink.kubernetes.operator.api.status.JobStatus,
// ReconciliationStatus).
type jobStatus struct {
	// deployed is false before the first deployment, when there is nothing to lose.
	deployed bool
	// ended is true where no job runs: it has ended, or the operator has stopped it. upgrading says that it is in the middle of
	// being replaced.
	ended, upgrading bool
	// hasSavepoint tells whether a savepoint is recorded from which the job can be started again.
	hasSavepoint bool
}

// lastStateMark is no path: the operator writes it in place of a savepoint where a job goes on from its HA metadata
// (AbstractJobReconciler.LAST_STATE_DUMMY_SP_PATH).
const lastStateMark = "KUBERNETES_OPERATOR_LAST_STATE"

func jobStatusOf(content map[string]any) jobStatus {
	status, _ := content["status"].(map[string]any)
	job, _ := status["jobStatus"].(map[string]any)
	reconciliation, isDeployment := status["reconciliationStatus"].(map[string]any)
	if !isDeployment {
		reconciliation = status // a FlinkBlueGreenDeployment has the fields at the top
	}
	specification, _ := reconciliation["lastReconciledSpec"].(string)
	phase, _ := reconciliation["state"].(string)
	state, _ := job["state"].(string)
	path, _ := job["upgradeSavepointPath"].(string)
	savepoints, _ := job["savepointInfo"].(map[string]any)
	last, _ := savepoints["lastSavepoint"].(map[string]any)
	location, _ := last["location"].(string)
	return jobStatus{
		deployed:     specification != "",
		ended:        state == "FINISHED" || state == "CANCELED" || state == "FAILED",
		upgrading:    phase == "UPGRADING",
		hasSavepoint: path != "" && path != lastStateMark || location != "",
	}
}
