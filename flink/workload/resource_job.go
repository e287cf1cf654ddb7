package workload

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// UpgradeMode is what the operator carries over when it replaces a job
// (org.apache.flink.kubernetes.operator.api.spec.UpgradeMode).
type UpgradeMode string

// The upgrade modes. A job that names none is stateless.
const (
	UpgradeStateless UpgradeMode = "stateless"
	UpgradeSavepoint UpgradeMode = "savepoint"
	UpgradeLastState UpgradeMode = "last-state"
)

// JobState is what the operator is asked to keep a job in (org.apache.flink.kubernetes.operator.api.spec.JobState).
type JobState string

// The states. A job that names none is to run.
const (
	JobRunning   JobState = "running"
	JobSuspended JobState = "suspended"
)

// Job is the part of a custom resource that describes a job (org.apache.flink.kubernetes.operator.api.spec.JobSpec).
type Job struct {
	UpgradeMode UpgradeMode
	State       JobState
	// InitialSavepoint is where the first start takes its state from, "" for none.
	InitialSavepoint string
}

func jobOf(spec map[string]any) Job {
	fields, ok := spec["job"].(map[string]any)
	if !ok {
		return Job{}
	}
	job := Job{UpgradeMode: UpgradeStateless, State: JobRunning}
	if mode, ok := fields["upgradeMode"].(string); ok {
		job.UpgradeMode = UpgradeMode(mode)
	}
	if state, ok := fields["state"].(string); ok {
		job.State = JobState(state)
	}
	job.InitialSavepoint, _ = fields["initialSavepointPath"].(string)
	return job
}

// readJob reads what a FlinkSessionJob adds to the configuration of its cluster. The operator sends it along with the job
// (AbstractFlinkService.runJar); the processes of the cluster are there already, and what only they read is passed over.
func (r *Resource) readJob(own flink.Configuration) {
	r.Configuration = own
	r.Configuration.Settings = nil
	for _, setting := range own.Settings {
		if !isForProcesses(setting.Key) {
			r.Configuration.Settings = append(r.Configuration.Settings, setting)
			continue
		}
		r.Overlooked = append(r.Overlooked, setting)
		r.Configuration.Ignored = append(r.Configuration.Ignored, flink.Ignored{
			Key: setting.Key, Position: setting.Position,
			Reason: "only the processes of the session cluster read it, and they take it from their own FlinkDeployment",
		})
	}
}

// isForProcesses tells whether an option decides how the processes of a cluster find each other and their HA state. Of a
// session cluster they read it before there is any job.
func isForProcesses(key string) bool {
	return key == flink.KeyHighAvailability || strings.HasPrefix(key, "high-availability.") || key == flink.KeyRecoveryMode ||
		strings.HasPrefix(key, "recovery.zookeeper.")
}
