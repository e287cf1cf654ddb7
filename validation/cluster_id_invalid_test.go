package validation

import "testing"

func TestClusterIDInvalid(t *testing.T) {
	testRule(t, "cluster-id-invalid", map[string]ruleCase{
		"capitals and underscores": {
			subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: My_Cluster"),
			want: []string{`data["flink-conf.yaml"]:2:24: kubernetes.cluster-id is "My_Cluster" (it may hold only a-z, 0-9, '-' and '.', and must begin and end with a letter or digit); ` +
				`the API server refuses its HA ConfigMaps, and no JobManager becomes leader; needs at most 45 lower-case letters, digits and '-', beginning with a letter; fix: kubernetes.cluster-id: <name>`},
		},
		"a good id":            {subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: my-cluster")},
		"ZooKeeper":            {subject: cluster("high-availability.type: zookeeper", "kubernetes.cluster-id: My_Cluster")},
		"no high availability": {subject: cluster("kubernetes.cluster-id: My_Cluster")},
	})
}
