package validation

import "testing"

func TestZooKeeperQuorumMissing(t *testing.T) {
	testRule(t, "zookeeper-quorum-missing", map[string]ruleCase{
		"not set": {
			subject: cluster("high-availability.type: zookeeper", "high-availability.storageDir: s3://b/ha"),
			want: []string{`data["flink-conf.yaml"]: high-availability.zookeeper.quorum is not set; Flink does not start; needs the addresses of the ZooKeeper ensemble; ` +
				`fix: high-availability.zookeeper.quorum: <host>:2181`},
		},
		"blank in YAML": {
			subject: standard("high-availability.type: zookeeper", `high-availability.zookeeper.quorum: ""`),
			want: []string{`data["config.yaml"]:2:37: high-availability.zookeeper.quorum is ""; Flink does not start; needs the addresses of the ZooKeeper ensemble; ` +
				`fix: high-availability.zookeeper.quorum: <host>:2181`},
		},
		"its value is not known":      {subject: with(cluster("high-availability.type: zookeeper", "high-availability.zookeeper.quorum: x"), unknownLast)},
		"the mode is not known":       {subject: with(cluster("high-availability.type: zookeeper"), unknownLast)},
		"no high availability":        {subject: with(cluster("a: b"), notRequired)},
		"the old key":                 {subject: cluster("high-availability.type: zookeeper", "recovery.zookeeper.quorum: zk:2181")},
		"Kubernetes":                  {subject: cluster("high-availability.type: kubernetes")},
		"there may be more elsewhere": {subject: with(cluster("high-availability.type: zookeeper"), incomplete)},
	})
}
