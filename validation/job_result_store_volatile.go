package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func jobResultStoreVolatile() Rule {
	return Rule{
		ID:         "job-result-store-volatile",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Versions:   flink.VersionFrom(1, 15),
		Effect:     "finished jobs run again with the next pod",
		Summary:    "The results of finished jobs are kept where they are lost, or are never cleaned up for a job with a fixed id.",
		Why: "The job result store tells a JobManager that starts again which jobs are over. On the pod's own disk it forgets them, and " +
			"a finished job runs again. With delete-on-commit: false the entries stay for ever: a job with the same id, as an application " +
			"under high availability has it each time, is refused as already terminated.",
		Remedy: "Leave job-result-store.storage-path unset, so that it is below high-availability.storageDir, or put it on storage that all " +
			"JobManagers reach. Leave delete-on-commit at true, or give each deployment a storage path of its own.",
		Source: "org.apache.flink.runtime.highavailability.JobResultStoreOptions, ApplicationResultStoreOptions (2.3), FileSystemJobResultStore, " +
			"org.apache.flink.runtime.dispatcher.Dispatcher.submitJob (DuplicateJobSubmissionException)",
		Example: Example{
			Wrong: checkpointExample("    state.checkpoints.dir: s3://my-bucket/checkpoints\n    job-result-store.storage-path: file:///tmp/results\n"),
			Right: checkpointExample("    state.checkpoints.dir: s3://my-bucket/checkpoints\n    job-result-store.storage-path: s3://my-bucket/results\n"),
		},
		Check: checkJobResultStore,
	}
}

// checkJobResultStore passes over applications of the operator: it gives each deployment a path and a job id of its own
// (ApplicationReconciler.setRandomJobResultStorePath, setJobIdIfNecessary; FLINK-27569).
func checkJobResultStore(subject *Subject) []Violation {
	if !subject.mentions("job-result-store.") && !subject.mentions("application-result-store.") {
		return nil
	}
	if subject.Role == workload.RoleTaskManager || !subject.readable() || subject.isOperatorApplication() {
		return nil
	}
	var violations []Violation
	for _, key := range []string{flink.KeyJobResultStorePath, flink.KeyApplicationResultStorePath} {
		dir := subject.Configuration.Get(key, subject.Version)
		if !dir.Set || dir.Unknown != "" {
			continue
		}
		onPod, volumesKnown := subject.storageOnPod(dir.Setting.Value)
		if !onPod {
			continue
		}
		violation := Violation{
			Option: key, Setting: key, Position: dir.Setting.Position, Found: &dir.Setting.Value,
			Remedy: line(dir.Setting.Position, key, "s3://<bucket>/<path>"),
		}
		if !volumesKnown {
			violation.Effect = "finished jobs run again with the next pod" + unlessMounted
		}
		violations = append(violations, violation)
	}
	for _, key := range []string{flink.KeyJobResultStoreDeleteOnCommit, flink.KeyApplicationResultStoreDeleteOnCommit} {
		kept := subject.Configuration.Get(key, subject.Version)
		if !kept.Set || kept.Unknown != "" || !subject.hasFixedJobID() {
			continue
		}
		if deletes, err := flink.ParseBoolean(kept.Setting.Value); err != nil || deletes {
			continue
		}
		violations = append(violations, Violation{
			Option: key, Setting: key, Position: kept.Setting.Position, Found: &kept.Setting.Value,
			Effect: "once the job is over, its next deployment is refused as already terminated, since the job's id stays the same",
			Remedy: line(kept.Setting.Position, key, "true"),
		})
	}
	return violations
}

func (s *Subject) isOperatorApplication() bool {
	return s.Member != nil && s.Member.Resource != nil && s.Member.Resource.Form == workload.FormApplication
}

// hasFixedJobID tells whether a job certainly has the same id each time: an application's under high availability, from 1.16 on
// made of high-availability.cluster-id (FLINK-19358), or one that is set. What the operator makes gets another one each time.
func (s *Subject) hasFixedJobID() bool {
	fixed := s.Configuration.Get(flink.KeyFixedJobID, s.Version)
	if fixed.Set && fixed.Unknown == "" {
		return !s.Managed
	}
	return !s.Managed && s.Member != nil && s.Member.Process.Form == workload.FormApplication
}
