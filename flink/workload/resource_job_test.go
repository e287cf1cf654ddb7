package workload

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestJobOfAResource(t *testing.T) {
	for fields, want := range map[string]Job{
		"":                         {},
		"job: {jarURI: a}":         {UpgradeMode: UpgradeStateless, State: JobRunning},
		"job: {state: suspended}":  {UpgradeMode: UpgradeStateless, State: JobSuspended},
		"job: {state: [], a: b}":   {UpgradeMode: UpgradeStateless, State: JobRunning},
		"job: [upgradeMode, a, b]": {},
		"job: {upgradeMode: last-state, initialSavepointPath: s3://a}": {UpgradeMode: UpgradeLastState, State: JobRunning, InitialSavepoint: "s3://a"},
	} {
		manifest := strings.Replace(deployment, "  job: {jarURI: local:///a.jar}\n", "  "+fields+"\n", 1)
		if got := resource(t, manifest, nil).Job; got != want {
			t.Errorf("%s: got %+v, want %+v", fields, got, want)
		}
	}
	job := resource(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: a}, spec: {job: {upgradeMode: savepoint}}}`, nil)
	if job.Job.UpgradeMode != UpgradeSavepoint {
		t.Errorf("got %+v", job.Job)
	}
}

// TestSessionJobsOverlookHighAvailability: the processes of the cluster are there before the job.
func TestSessionJobsOverlookHighAvailability(t *testing.T) {
	job := resource(t, `
apiVersion: flink.apache.org/v1beta1
kind: FlinkSessionJob
metadata: {name: a}
spec:
  deploymentName: b
  flinkConfiguration:
    high-availability: {type: kubernetes}
    recovery.mode: zookeeper
    recovery.zookeeper.quorum: a
    recovery.of.something: b
    execution.checkpointing.dir: s3://a
`, &OperatorDefaults{})
	wantStates(t, job.Configuration, map[string]string{
		"high-availability.type": "-", "recovery.mode": "-", "recovery.of.something": "b", "execution.checkpointing.dir": "s3://a",
	})
	var overlooked, ignored []string
	for _, setting := range job.Overlooked {
		overlooked = append(overlooked, setting.Key+"="+setting.Value)
	}
	for _, place := range job.Configuration.Ignored {
		ignored = append(ignored, place.String())
	}
	if got := strings.Join(overlooked, " "); got != "high-availability.type=kubernetes recovery.mode=zookeeper recovery.zookeeper.quorum=a" {
		t.Errorf("overlooked %s", got)
	}
	if got := strings.Join(ignored, " "); got != `spec.flinkConfiguration.high-availability.type spec.flinkConfiguration["recovery.mode"] spec.flinkConfiguration["recovery.zookeeper.quorum"]` {
		t.Errorf("ignored %s", got)
	}
	if mode := flink.ResolveHighAvailability(job.Configuration, job.Version).Mode; mode != flink.ModeUnknown {
		t.Errorf("high availability is %s, which the session cluster decides", mode)
	}
}
