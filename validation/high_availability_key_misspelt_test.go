package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestHighAvailabilityKeyMisspelt(t *testing.T) {
	const tail = `Flink does not know the key; needs the key `
	good := []string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"}
	having := func(lines ...string) Subject { return cluster(append(lines, good...)...) }
	testRule(t, "high-availability-key-misspelt", map[string]ruleCase{
		"a dash for a capital": {
			subject: having("high-availability.storage-dir: s3://b/x"),
			want: []string{`data["flink-conf.yaml"]:1:32: high-availability.storage-dir is "s3://b/x"; ` + tail +
				`high-availability.storageDir; fix: rename it to high-availability.storageDir`},
		},
		"underscores": {
			subject: having("kubernetes.cluster_id: y", "high-availability.kubernetes.leader_election.retry_period: 5 s"),
			want: []string{
				`data["flink-conf.yaml"]:1:24: kubernetes.cluster_id is "y"; ` + tail + `kubernetes.cluster-id; fix: rename it to kubernetes.cluster-id`,
				`data["flink-conf.yaml"]:2:60: high-availability.kubernetes.leader_election.retry_period is "5 s"; ` + tail +
					`high-availability.kubernetes.leader-election.retry-period; fix: rename it to high-availability.kubernetes.leader-election.retry-period`,
			},
		},
		"a letter is missing": {
			subject: having("high-availabilty.zookeeper.quorum: zk:2181"),
			want: []string{`data["flink-conf.yaml"]:1:36: high-availabilty.zookeeper.quorum is "zk:2181"; ` + tail +
				`high-availability.zookeeper.quorum; fix: rename it to high-availability.zookeeper.quorum`},
		},
		"two letters change places": {
			subject: having("execution.checkpointing.interavl: 60 s"),
			want: []string{`data["flink-conf.yaml"]:1:35: execution.checkpointing.interavl is "60 s"; ` + tail +
				`execution.checkpointing.interval; fix: rename it to execution.checkpointing.interval`},
		},
		"in a custom resource": {
			subject: customResource(t, flinkDeployment("stateless", "high-availability.type: kubernetes", "high-availability.storagedir: s3://b/x", "high-availability.storageDir: s3://b/ha")),
			want: []string{`spec.flinkConfiguration["high-availability.storagedir"] is "s3://b/x"; ` + tail +
				`high-availability.storageDir; fix: rename it to high-availability.storageDir`},
		},
		"old keys are right":                  {subject: having("recovery.mode: kubernetes", "high-availability.zookeeper.storageDir: s3://b/ha", "state.savepoints.dir: s3://b/sp")},
		"others of Flink's":                   {subject: having("high-availability.zookeeper.path.jobs: /jobs", "kubernetes.jobmanager.cpu: 1", "execution.checkpointing.timeout: 1 min", "state.backend.incremental: true")},
		"keys of others":                      {subject: having("fs.s3a.endpoint: x", "job: a", "h: b", "state: c")},
		"a factory class may have any option": {subject: cluster("high-availability.type: com.example.Factory", "high-availability.storage-dir: s3://b/x")},
		"a default of the operator's": {subject: with(having("high-availability.storage-dir: s3://b/x"), func(s *Subject) {
			s.Configuration.Settings[0].Origin = flink.OriginOperatorDefault
		})},
	})
}

func TestAMisspeltKeyIsOneMistake(t *testing.T) {
	subjects := map[string]Subject{
		"a file":            cluster("high-availability.type: kubernetes", "high-availability.storage-dir: s3://b/ha", "kubernetes.cluster-id: x"),
		"a slip":            cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.clusterid: x"),
		"a custom resource": with(customResource(t, flinkDeployment("stateless", "high-availability.type: kubernetes", "high-availability.storage-dir: s3://b/ha")), operatorDefaults("a: b")),
	}
	for name, subject := range subjects {
		missing := 0
		for _, finding := range mustEvaluator(t).Evaluate(subject) {
			switch finding.Rule {
			case "storage-dir-missing", "cluster-id-missing":
				missing++
			case "high-availability-key-misspelt":
				t.Errorf("%s: got [%s] %s as well", name, finding.Rule, finding.Message())
			}
		}
		if missing != 1 {
			t.Errorf("%s: got %d options missing, want 1", name, missing)
		}
	}
}
