package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestHighAvailabilityTypeUnread(t *testing.T) {
	complete := []string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"}
	const head = `data["flink-conf.yaml"]:1:25: high-availability.type is "kubernetes"; `
	testRule(t, "high-availability-type-unread", map[string]ruleCase{
		"1.16": {
			subject: with(cluster(complete...), version(1, 16)),
			want:    []string{head + `Flink 1.16 does not know the key, and runs without high availability; needs the key high-availability; fix: high-availability: kubernetes`},
		},
		"1.15 has no short name": {
			subject: with(cluster(complete...), version(1, 15)),
			want: []string{head + `Flink 1.15 does not know the key, and runs without high availability; needs the key high-availability; ` +
				`fix: high-availability: org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory`},
		},
		"some version before 1.17": {
			subject: with(cluster(complete...), func(s *Subject) { s.Version = flink.VersionBefore(1, 17) }),
			want:    []string{head + `this version does not know the key, and runs without high availability; needs the key high-availability; fix: high-availability: kubernetes`},
		},
		"a TaskManager": {
			subject: with(with(cluster(complete...), version(1, 16)), taskManager),
			want:    []string{head + `Flink 1.16 does not know the key, and runs without high availability; needs the key high-availability; fix: high-availability: kubernetes`},
		},
		"what else is missing comes along": {
			subject: with(cluster("high-availability.type: zookeeper"), version(1, 16)),
			want: []string{
				`data["flink-conf.yaml"]:1:25: high-availability.type is "zookeeper"; Flink 1.16 does not know the key, and runs without high availability; needs the key high-availability; fix: high-availability: zookeeper`,
				`data["flink-conf.yaml"]: high-availability.storageDir is not set; high availability cannot do without it; needs a path that JobManagers and TaskManagers reach, on storage that outlives their pods; fix: high-availability.storageDir: s3://<bucket>/<path>`,
			},
		},
		"1.17 knows the key":            {subject: with(cluster(complete...), version(1, 17))},
		"the version is not known":      {subject: cluster(complete...)},
		"the older key is there too":    {subject: with(cluster(append(complete, "high-availability: kubernetes")...), version(1, 16))},
		"the older key may be there":    {subject: with(with(cluster(complete...), version(1, 16)), incomplete)},
		"high availability is not on":   {subject: with(cluster("high-availability.type: NONE"), version(1, 16))},
		"the key is not there":          {subject: with(cluster("a: b"), version(1, 16))},
		"switched off by the old key":   {subject: with(cluster(append(complete, "high-availability: NONE")...), version(1, 16))},
		"Flink would not load the file": {subject: with(with(cluster(complete...), version(1, 16)), func(s *Subject) { s.Configuration.Err = &flink.LoadError{} })},
	})
}

func TestAnUnreadTypeIsOneMistake(t *testing.T) {
	subject := with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), version(1, 16))
	for _, finding := range mustEvaluator(t).Evaluate(subject) {
		if finding.Level == "baseline" && finding.Rule != "high-availability-type-unread" {
			t.Errorf("got [%s] as well", finding.Rule)
		}
	}
}
