package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestHighAvailabilityOff(t *testing.T) {
	const (
		mode    = `data["flink-conf.yaml"]: high-availability.type is not set; needs kubernetes or zookeeper, or the JobManager loses its jobs when its pod is replaced; fix: high-availability.type: kubernetes`
		storage = `data["flink-conf.yaml"]: high-availability.storageDir is not set; needs a path that JobManagers and TaskManagers reach, on storage that outlives their pods; fix: high-availability.storageDir: s3://<bucket>/<path>`
		id      = `data["flink-conf.yaml"]: kubernetes.cluster-id is not set; needs a name of its own for this cluster, such as the name of its JobManager; fix: kubernetes.cluster-id: <name>`
	)
	testRule(t, "high-availability-off", map[string]ruleCase{
		"nothing is set: all three lines at once": {
			subject: cluster("jobmanager.rpc.address: jm"),
			want:    []string{mode, storage, id},
		},
		"only the mode is missing": {
			subject: cluster("high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"),
			want:    []string{mode},
		},
		"switched off in words": {
			subject: cluster("high-availability.type: NONE", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"),
			want: []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "NONE"; needs kubernetes or zookeeper, or the JobManager loses its jobs when its pod is replaced; ` +
				`fix: high-availability.type: kubernetes`},
		},
		"a line that Flink ignores is named": {
			subject: cluster("high-availability.type:kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"),
			want: []string{`data["flink-conf.yaml"]: high-availability.type is not set (Flink ignores data["flink-conf.yaml"]:1:1: no space follows the colon); ` +
				`needs kubernetes or zookeeper, or the JobManager loses its jobs when its pod is replaced; fix: high-availability.type: kubernetes`},
		},
		"1.16 does not know the newer key": {
			subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), version(1, 16)),
			want: []string{`data["flink-conf.yaml"]: high-availability is not set; needs kubernetes or zookeeper, or the JobManager loses its jobs when its pod is replaced; ` +
				`fix: high-availability: kubernetes`},
		},
		"opted out":                     {subject: with(cluster("jobmanager.rpc.address: jm"), notRequired)},
		"a TaskManager":                 {subject: with(cluster("jobmanager.rpc.address: jm"), taskManager)},
		"there may be more elsewhere":   {subject: with(cluster("jobmanager.rpc.address: jm"), incomplete)},
		"high availability, but broken": {subject: cluster("high-availability.type: kubernetes")},
		"switched off in words though there may be more": {
			subject: with(cluster("high-availability.type: NONE"), incomplete),
			want: []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "NONE"; needs kubernetes or zookeeper, or the JobManager loses its jobs when its pod is replaced; ` +
				`fix: high-availability.type: kubernetes`},
		},
	})
}

func TestBatchIsOnlyStrict(t *testing.T) {
	findings := mustEvaluator(t).Evaluate(cluster("jobmanager.rpc.address: jm", "execution.runtime-mode: BATCH"))
	if len(findings) != 3 {
		t.Fatalf("got %+v, want three findings", findings)
	}
	for _, finding := range findings {
		if finding.Level != policy.LevelStrict {
			t.Errorf("got %s at level %s, want strict", finding.Setting, finding.Level)
		}
	}
}
