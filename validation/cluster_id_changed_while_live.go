package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func clusterIDChangedWhileLive() Rule {
	return Rule{
		ID:         "cluster-id-changed-while-live",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "its jobs are not recovered after a restart",
		Summary:    "An update changes kubernetes.cluster-id, kubernetes.namespace or high-availability.cluster-id while HA ConfigMaps of the cluster are there.",
		Why: "The names and the namespace of the HA ConfigMaps come of the first two, and the path of what they point to of the third. Under " +
			"another id a cluster starts with nothing: the jobs of a session are gone, an application starts from empty state, and the old HA " +
			"ConfigMaps are left behind.",
		Remedy: "Keep the ids of a cluster that runs. To change them, stop its jobs with savepoints and start them from those.",
		Source: "org.apache.flink.kubernetes.highavailability.KubernetesLeaderElectionHaServices, org.apache.flink.runtime.highavailability." +
			"HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath; seen with 2.3.0 for the path",
		Example: Example{
			Before: liveExample("kubernetes", "s3://my-bucket/ha", "orders"),
			Wrong:  liveExample("kubernetes", "s3://my-bucket/ha", "orders-v2") + haStateExample,
			Right:  liveExample("kubernetes", "s3://my-bucket/ha", "orders") + haStateExample,
		},
		Check: checkClusterIDChanged,
	}
}

func checkClusterIDChanged(subject *Subject) []Violation {
	before, count := subject.liveState()
	if count == 0 {
		return nil
	}
	now := subject.identity()
	var violations []Violation
	note := func(key, was string) {
		reading := subject.Configuration.Get(key, subject.Version)
		at := subject.place(reading.Setting)
		// There is no option, so that what is wrong with the new id besides does not hide it.
		violations = append(violations, Violation{
			Setting:  keyAt(reading.Setting, key),
			Position: at,
			Found:    found(reading.Setting, reading.Set),
			Detail:   haConfigMaps(count, before.ClusterID),
			Remedy:   line(at, keyAt(reading.Setting, key), was) + ", or take savepoints first",
		})
	}
	if now.Namespace != "" && now.Namespace != before.Namespace {
		note(flink.KeyNamespace, before.Namespace)
	}
	if now.ClusterID != "" && now.ClusterID != before.ClusterID {
		note(flink.KeyClusterID, before.ClusterID)
	}
	if before.StoragePath == "" || now.StoragePath == "" || now.StoragePath == before.StoragePath {
		return violations
	}
	was := flink.ResolveStorage(subject.Previous.Configuration, subject.Previous.Version).ClusterID
	if is := subject.storagePath().ClusterID; is.Value() != was.Value() {
		note(flink.KeyHAClusterID, was.Value())
		violations[len(violations)-1].Effect = "the next JobManager does not find its jobs' files"
	}
	return violations
}
