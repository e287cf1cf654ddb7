package validation

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityOff() Rule {
	return Rule{
		ID:         "high-availability-off",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeNone},
		Effect:     "the jobs are lost when the JobManager's pod is replaced",
		Summary:    "The JobManager runs without high availability.",
		Why: "Without it a JobManager keeps its jobs in memory only. When its pod is moved, evicted or restarted, every job of a " +
			"session cluster is gone, and an application starts again from empty state.",
		Remedy: "Set high-availability.type, high-availability.storageDir and, outside native mode, kubernetes.cluster-id. An application " +
			"that calls execute() several times behaves differently under high availability: try it first. Where none is wanted (batch, " +
			"development), annotate the object: flink-ha.dev/high-availability: \"not-required <reason>\".",
		Source: "org.apache.flink.runtime.jobmanager.HighAvailabilityMode; https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/ha/overview/",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jobmanager
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jobmanager
    state.checkpoints.dir: s3://my-bucket/checkpoints
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
`,
		},
		Check: checkHighAvailabilityOff,
	}
}

// checkHighAvailabilityOff names every key that is needed to turn high availability on, so that one answer is enough.
func checkHighAvailabilityOff(subject *Subject) []Violation {
	ha := subject.highAvailability()
	if subject.HighAvailabilityNotRequired || subject.Role != workload.RoleJobManager || !subject.readable() || ha.Mode != flink.ModeNone {
		return nil
	}
	if _, unread := subject.unreadType(); unread || subject.readsFileOfImage() {
		return nil // that is the mistake, and has its own rule
	}
	key := subject.modeKey()
	violation := subject.explained(Violation{
		Option:   flink.KeyHighAvailabilityType,
		Setting:  keyAt(ha.Setting, key),
		Position: subject.place(ha.Setting),
		Found:    found(ha.Setting, ha.Set),
		Needed:   subject.neededModes(),
		Remedy:   line(subject.place(ha.Setting), keyAt(ha.Setting, key), subject.modeValue(flink.ModeKubernetes)),
	})
	shadowed, unread := subject.passedOver()
	for _, other := range slices.Concat(shadowed, unread) {
		if meaning := meaningOf(other); violation.Detail == "" && meaning != flink.ModeNone && meaning != flink.ModeUnknown {
			violation.Detail, violation.Cause = "Flink passes over "+other.Key+" at "+other.Position.String(), other.Position
		}
	}
	if len(violation.Fix) > 0 && !subject.canTurnOn(subject.modeOf(subject.nearMiss(violation.Option).written.Value)) {
		violation.Fix = nil
	}
	violations := append([]Violation{violation}, missingBesideMode(subject)...)
	if isBatch(subject) {
		for i := range violations {
			violations[i].Level = policy.LevelStrict
		}
	}
	return violations
}

// missingBesideMode is what else high availability cannot do without once its mode is set.
func missingBesideMode(subject *Subject) []Violation {
	violations := append(missingStorageDir(subject), missingClusterID(subject)...)
	for i := range violations {
		violations[i].Effect = "high availability cannot do without it"
	}
	return violations
}

// isBatch tells whether the jobs are batch jobs, which start again from their input: high availability only submits them
// again (execution.batch.job-recovery.enabled is false by default; seen with 1.20.5 and 2.3.0).
func isBatch(subject *Subject) bool {
	return strings.EqualFold(subject.Configuration.Get(flink.KeyRuntimeMode, subject.Version).Value(), "BATCH")
}
