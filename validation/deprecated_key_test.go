package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestDeprecatedKey(t *testing.T) {
	const tail = `Flink still reads it, after the newer key; needs the key `
	testRule(t, "deprecated-key", map[string]ruleCase{
		"deprecated in every version": {
			subject: cluster("high-availability.type: kubernetes", "recovery.zookeeper.storageDir: s3://b/ha"),
			want: []string{`data["flink-conf.yaml"]:2:32: recovery.zookeeper.storageDir is "s3://b/ha"; ` + tail +
				`high-availability.storageDir; fix: rename it to high-availability.storageDir`},
		},
		"deprecated in this version": {
			subject: with(cluster("high-availability: kubernetes"), version(1, 17)),
			want:    []string{`data["flink-conf.yaml"]:1:20: high-availability is "kubernetes"; ` + tail + `high-availability.type; fix: rename it to high-availability.type`},
		},
		"the first of a file": {
			subject: with(cluster("recovery.zookeeper.quorum: zk", "state.checkpoints.dir: s3://b/cp", "high-availability: kubernetes", "recovery.zookeeper.storageDir: s3://b/ha"), version(1, 20)),
			want: []string{`data["flink-conf.yaml"]:1:28: recovery.zookeeper.quorum is "zk" (and 2 more deprecated keys here); ` + tail +
				`high-availability.zookeeper.quorum; fix: rename it to high-availability.zookeeper.quorum`},
		},
		"of each file": {
			subject: with(cluster("high-availability: kubernetes", "recovery.mode: kubernetes"), func(s *Subject) {
				s.Version = flink.Version{Major: 1, Minor: 20}
				s.Configuration.Settings[1].Path = "env"
			}),
			want: []string{
				`data["flink-conf.yaml"]:1:20: high-availability is "kubernetes"; ` + tail + `high-availability.type; fix: rename it to high-availability.type`,
				`env:2:16: recovery.mode is "kubernetes"; ` + tail + `high-availability.type; fix: rename it to high-availability.type`,
			},
		},
		"in a custom resource": {
			subject: customResource(t, flinkDeployment("stateless", "high-availability: kubernetes", "recovery.zookeeper.storageDir: s3://b/ha")),
			want: []string{`spec.flinkConfiguration.high-availability is "kubernetes" (and one more deprecated key here); ` + tail +
				`high-availability.type; fix: rename it to high-availability.type`},
		},
		"the only key of this version":        {subject: with(cluster("high-availability: kubernetes", "state.checkpoints.dir: s3://b/cp"), version(1, 16))},
		"the version may know no other":       {subject: cluster("high-availability: kubernetes", "state.checkpoints.dir: s3://b/cp")},
		"a fallback that is an option itself": {subject: cluster("high-availability.type: kubernetes", "kubernetes.service-account: flink")},
		"of a factory class nothing is known": {subject: cluster("high-availability.type: com.example.Factory", "recovery.zookeeper.storageDir: s3://b/ha")},
		"a default of the operator's": {subject: with(cluster("recovery.mode: kubernetes"), func(s *Subject) {
			s.Configuration.Settings[0].Origin = flink.OriginOperatorDefault
		})},
	})
}
