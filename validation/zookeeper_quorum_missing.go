package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func zooKeeperQuorumMissing() Rule {
	return Rule{
		ID:         "zookeeper-quorum-missing",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeZooKeeper, flink.ModeInvalid},
		Effect:     "Flink does not start",
		Summary:    "ZooKeeper high availability is on, and high-availability.zookeeper.quorum is not set.",
		Why:        "Flink exits with \"No valid ZooKeeper quorum has been specified\".",
		Remedy:     "Set high-availability.zookeeper.quorum to the addresses of the ensemble.",
		Source:     "org.apache.flink.runtime.util.ZooKeeperUtils; seen with 1.20.5 and 2.3.0",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: zookeeper
    high-availability.storageDir: s3://my-bucket/ha
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: zookeeper
    high-availability.storageDir: s3://my-bucket/ha
    high-availability.zookeeper.quorum: zk-0:2181,zk-1:2181,zk-2:2181
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: func(subject *Subject) []Violation {
			if subject.highAvailability().Intended() != flink.ModeZooKeeper {
				return nil
			}
			blank, isBlank, lacks := subject.lacks(flink.KeyZooKeeperQuorum)
			if !lacks {
				return nil
			}
			return []Violation{subject.explained(Violation{
				Option:   flink.KeyZooKeeperQuorum,
				Setting:  flink.KeyZooKeeperQuorum,
				Position: subject.place(blank),
				Found:    found(blank, isBlank),
				Needed:   "the addresses of the ZooKeeper ensemble",
				Remedy:   line(subject.place(blank), flink.KeyZooKeeperQuorum, "<host>:2181"),
			})}
		},
	}
}
