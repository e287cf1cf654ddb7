package validation

import "testing"

func TestClusterIDMissing(t *testing.T) {
	const tail = `Flink does not start; needs a name of its own for this cluster, such as the name of its JobManager; fix: kubernetes.cluster-id: <name>`
	testRule(t, "cluster-id-missing", map[string]ruleCase{
		"not set": {
			subject: cluster("high-availability.type: kubernetes"),
			want:    []string{`data["flink-conf.yaml"]: kubernetes.cluster-id is not set; ` + tail},
		},
		"left empty": {
			subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: "),
			want:    []string{`data["flink-conf.yaml"]: kubernetes.cluster-id is not set (Flink ignores data["flink-conf.yaml"]:2:1: there is no value); ` + tail},
		},
		"quotes around the mode do not hide it": {
			subject: cluster(`high-availability.type: "kubernetes"`),
			want:    []string{`data["flink-conf.yaml"]: kubernetes.cluster-id is not set; ` + tail},
		},
		"ZooKeeper needs none":           {subject: cluster("high-availability.type: zookeeper")},
		"the native client sets its own": {subject: with(cluster("high-availability.type: kubernetes"), managed)},
		"there may be more elsewhere":    {subject: with(cluster("high-availability.type: kubernetes"), incomplete)},
	})
}
