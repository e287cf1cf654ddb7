package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityOff() Rule {
	return Rule{
		ID:      "high-availability-off",
		Level:   policy.LevelBaseline,
		Summary: "The JobManager runs without high availability.",
		Why: "Without it a JobManager keeps its jobs in memory only. When its pod is moved, evicted or restarted, every job of a " +
			"session cluster is gone, and an application starts again from empty state.",
		Remedy: "Set high-availability.type, high-availability.storageDir and, outside native mode, kubernetes.cluster-id. An application " +
			"that calls execute() several times behaves differently under high availability: try it first. Where none is wanted (batch, " +
			"development), annotate the object: flink-ha.dev/high-availability: \"not-required <reason>\".",
		Source: "org.apache.flink.runtime.jobmanager.HighAvailabilityMode; https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/ha/overview/",
		Check:  checkHighAvailabilityOff,
	}
}

// checkHighAvailabilityOff names every key that is needed to turn high availability on, so that one answer is enough.
func checkHighAvailabilityOff(subject Subject) []Violation {
	ha := subject.highAvailability()
	if subject.HighAvailabilityNotRequired || subject.Role != workload.RoleJobManager || !subject.readable() || ha.Mode != flink.ModeNone {
		return nil
	}
	keys := flink.Keys(flink.KeyHighAvailabilityType, subject.Version)
	violations := []Violation{{
		Option:   flink.KeyHighAvailabilityType,
		Setting:  keys[0],
		Position: subject.place(ha.Setting),
		Found:    found(ha.Setting, ha.Set),
		Needed:   "kubernetes or zookeeper, or the JobManager loses its jobs when its pod is replaced",
		Remedy:   line(subject.place(ha.Setting), keys[0], "kubernetes"),
		Detail:   subject.nearMiss(flink.KeyHighAvailabilityType),
	}}
	violations = append(violations, append(missingStorageDir(subject), missingClusterID(subject)...)...)
	if isBatch(subject) {
		for i := range violations {
			violations[i].Level = policy.LevelStrict
		}
	}
	return violations
}

// isBatch tells whether the jobs are batch jobs, which start again from their input: high availability only submits them
// again (execution.batch.job-recovery.enabled is false by default; seen with 1.20.5 and 2.3.0).
func isBatch(subject Subject) bool {
	return strings.EqualFold(subject.Configuration.Get(flink.KeyRuntimeMode, subject.Version).Value(), "BATCH")
}
