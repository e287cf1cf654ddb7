package validation

import "testing"

func TestHAClusterIDDefault(t *testing.T) {
	const tail = "high-availability.cluster-id is not set; HA data goes to <storageDir>/default, as other clusters' may; fix: "
	lines := []string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha"}
	named := append(append([]string{}, lines...), "kubernetes.cluster-id: orders")
	set := append(append([]string{}, named...), "high-availability.cluster-id: orders")
	old := append(append([]string{}, named...), "high-availability.zookeeper.path.namespace: orders")
	without := []string{`data["flink-conf.yaml"]: ` + tail + "high-availability.cluster-id: <name>"}
	testRule(t, "ha-cluster-id-default", map[string]ruleCase{
		"unset":                        {subject: cluster(named...), want: []string{`data["flink-conf.yaml"]: ` + tail + "high-availability.cluster-id: orders"}},
		"without any id":               {subject: cluster(lines...), want: []string{`data["flink-conf.yaml"]: ` + tail + "high-availability.cluster-id: <name>"}},
		"with an id that is filled in": {subject: cluster(append(append([]string{}, lines...), "kubernetes.cluster-id: ${ID}")...), want: without},
		"with an id that is invalid":   {subject: cluster(append(append([]string{}, lines...), "kubernetes.cluster-id: My_Cluster")...), want: without},
		"set":                          {subject: cluster(set...)},
		"set by an older key":          {subject: cluster(old...)},
		"native clients set it":        {subject: with(cluster(named...), managed)},
		"a TaskManager":                {subject: with(cluster(named...), taskManager)},
		"it may be set elsewhere":      {subject: with(cluster(named...), incomplete)},
		"ZooKeeper":                    {subject: cluster("high-availability: zookeeper", "high-availability.storageDir: s3://b/ha")},
	})
}
