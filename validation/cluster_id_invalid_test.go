package validation

import (
	"strings"
	"testing"
)

func TestClusterIDInvalid(t *testing.T) {
	const tail = `; the API server refuses its HA ConfigMaps, and no JobManager becomes leader; ` +
		`needs at most 45 lower-case letters, digits and '-', beginning with a letter; fix: kubernetes.cluster-id: <name>`
	_, needed, _ := strings.Cut(tail, "; needs")
	testRule(t, "cluster-id-invalid", map[string]ruleCase{
		"capitals and underscores": {
			subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: My_Cluster"),
			want: []string{`data["flink-conf.yaml"]:2:24: kubernetes.cluster-id is "My_Cluster" ` +
				`(it may hold only a-z, 0-9, '-' and '.', and must begin and end with a letter or digit)` + tail},
		},
		"quotes": {
			subject: cluster("high-availability.type: kubernetes", `kubernetes.cluster-id: "orders"`),
			want:    []string{`data["flink-conf.yaml"]:2:24: kubernetes.cluster-id is "\"orders\"" (the quotes are part of the value)` + tail},
		},
		"longer than a label's value": {
			subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: "+strings.Repeat("a", 64)),
			want: []string{`data["flink-conf.yaml"]:2:24: kubernetes.cluster-id is "` + strings.Repeat("a", 64) +
				`" (it is longer than the 63 characters of a label's value)` + tail},
		},
		"longer than native mode takes": {
			subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: "+strings.Repeat("a", 46)),
			want: []string{`data["flink-conf.yaml"]:2:24: kubernetes.cluster-id is "` + strings.Repeat("a", 46) +
				`"; it works in standalone mode only: native mode takes 45 characters` + "; needs" + needed},
		},
		"something may replace it":  {subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: ${CLUSTER_ID}")},
		"its value is not known":    {subject: with(cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: My_Cluster"), unknownLast)},
		"not set":                   {subject: cluster("high-availability.type: kubernetes")},
		"a file that does not load": {subject: with(cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: My_Cluster"), refused)},
		"a good id":                 {subject: cluster("high-availability.type: kubernetes", "kubernetes.cluster-id: my-cluster")},
		"ZooKeeper":                 {subject: cluster("high-availability.type: zookeeper", "kubernetes.cluster-id: My_Cluster")},
		"no high availability":      {subject: cluster("kubernetes.cluster-id: My_Cluster")},
	})
}
