package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func zooKeeperQuorumMissing() Rule {
	return Rule{
		ID:      "zookeeper-quorum-missing",
		Level:   policy.LevelBaseline,
		Summary: "ZooKeeper high availability is on, and high-availability.zookeeper.quorum is not set.",
		Why:     "Flink exits with \"No valid ZooKeeper quorum has been specified\".",
		Remedy:  "Set high-availability.zookeeper.quorum to the addresses of the ensemble.",
		Source:  "org.apache.flink.runtime.util.ZooKeeperUtils; seen with 1.20.5 and 2.3.0",
		Check: func(subject Subject) []Violation {
			if subject.highAvailability().Intended() != flink.ModeZooKeeper {
				return nil
			}
			blank, isBlank, lacks := subject.lacks(flink.KeyZooKeeperQuorum)
			if !lacks {
				return nil
			}
			return []Violation{{
				Option:   flink.KeyZooKeeperQuorum,
				Setting:  flink.KeyZooKeeperQuorum,
				Position: subject.place(blank),
				Found:    found(blank, isBlank),
				Needed:   "the addresses of the ZooKeeper ensemble",
				Remedy:   line(subject.place(blank), flink.KeyZooKeeperQuorum, "<host>:2181"),
				Detail:   subject.nearMiss(flink.KeyZooKeeperQuorum),
			}}
		},
	}
}
