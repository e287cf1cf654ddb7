package validation

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestHighAvailabilityOff(t *testing.T) {
	const (
		mode    = `data["flink-conf.yaml"]: high-availability.type is not set; the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`
		storage = `data["flink-conf.yaml"]: high-availability.storageDir is not set; high availability cannot do without it; needs a path that JobManagers and TaskManagers reach, on storage that outlives their pods; fix: high-availability.storageDir: s3://<bucket>/<path>`
		id      = `data["flink-conf.yaml"]: kubernetes.cluster-id is not set; high availability cannot do without it; needs a name of its own for this cluster, such as the name of its JobManager; fix: kubernetes.cluster-id: <name>`
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
			want: []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "NONE"; the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; ` +
				`fix: high-availability.type: kubernetes`},
		},
		"a line that Flink ignores is named": {
			subject: cluster("high-availability.type:kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"),
			want: []string{`data["flink-conf.yaml"]: high-availability.type is not set (Flink ignores data["flink-conf.yaml"]:1:1: no space follows the colon); ` +
				`the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`},
		},
		"1.16 has another key": {
			subject: with(cluster("high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), version(1, 16)),
			want: []string{`data["flink-conf.yaml"]: high-availability is not set; the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; ` +
				`fix: high-availability: kubernetes`},
		},
		"1.15 has no short name": {
			subject: with(cluster("high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), version(1, 15)),
			want: []string{`data["flink-conf.yaml"]: high-availability is not set; the jobs are lost when the JobManager's pod is replaced; ` +
				`needs zookeeper or the class of Kubernetes high availability; fix: high-availability: org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory`},
		},
		"a key that the version does not know has its own rule": {
			subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), version(1, 16)),
		},
		"nested as in YAML": {
			subject: cluster("high-availability:", "  type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"),
			want: []string{`data["flink-conf.yaml"]: high-availability.type is not set (Flink ignores data["flink-conf.yaml"]:1:1: flink-conf.yaml is no YAML, and the lines below it are read by themselves); ` +
				`the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`},
		},
		"a custom resource, with the operator's defaults known": {
			subject: with(customResource(t, flinkDeployment("stateless")), operatorDefaults("a: b")),
			want: []string{
				strings.Replace(mode, `data["flink-conf.yaml"]`, "spec.flinkConfiguration", 1), strings.Replace(storage, `data["flink-conf.yaml"]`, "spec.flinkConfiguration", 1),
			},
		},
		"a FlinkBlueGreenDeployment": {
			subject: with(customResource(t, blueGreen(flinkDeployment("stateless", "high-availability.storageDir: s3://b/ha"))), operatorDefaults("a: b")),
			want:    []string{strings.Replace(mode, `data["flink-conf.yaml"]`, "spec.template.spec.flinkConfiguration", 1)},
		},
		"the operator may turn it on":   {subject: customResource(t, flinkDeployment("stateless"))},
		"opted out":                     {subject: with(cluster("jobmanager.rpc.address: jm"), notRequired)},
		"a TaskManager":                 {subject: with(cluster("jobmanager.rpc.address: jm"), taskManager)},
		"there may be more elsewhere":   {subject: with(cluster("jobmanager.rpc.address: jm"), incomplete)},
		"high availability, but broken": {subject: cluster("high-availability.type: kubernetes")},
		"switched off in words though there may be more": {
			subject: with(cluster("high-availability.type: NONE"), incomplete),
			want: []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "NONE"; the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; ` +
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
