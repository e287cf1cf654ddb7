package flink

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestHAConfigMapCluster(t *testing.T) {
	const job = "000000006e6b13320000000000000000"
	lock := map[string]string{LeaderAnnotation: "{}"}
	labels := map[string]string{"app": "demo", "type": "flink-native-kubernetes"}
	cases := map[string]struct {
		name                string
		annotations, labels map[string]string
		data                map[string]string
		want                string // cluster-id, "" for no HA state
	}{
		"created without labels by Flink 1.15 to 1.18": {name: "demo-cluster-config-map", annotations: lock, want: "demo"},
		"labelled by Flink 2":                          {name: "demo-cluster-config-map", labels: labels, want: "demo"},
		"labelled as up to 1.20":                       {name: "demo-cluster-config-map", labels: map[string]string{"configmap-type": "high-availability"}, want: "demo"},
		"without any data after a stop in good order":  {name: "demo-cluster-config-map", labels: labels, data: map[string]string{}, want: "demo"},
		"data alone":                                     {name: "demo-cluster-config-map", data: map[string]string{"org.apache.flink.k8s.leader.dispatcher": "x"}, want: "demo"},
		"a job with its counter":                         {name: "demo-" + job + "-config-map", data: map[string]string{"counter": "3"}, want: "demo"},
		"a job with a checkpoint":                        {name: "demo-" + job + "-config-map", data: map[string]string{"checkpointID-0000000000000000012": "x"}, want: "demo"},
		"a leader up to 1.14":                            {name: "demo-dispatcher-leader", data: map[string]string{"address": "a", "sessionId": "b"}, want: "demo"},
		"a job's leader up to 1.14":                      {name: "demo-" + job + "-jobmanager-leader", annotations: lock, want: "demo"},
		"a cluster-id with dashes":                       {name: "a-b-c-cluster-config-map", labels: labels, want: "a-b-c"},
		"the name alone":                                 {name: "demo-cluster-config-map"},
		"the name with foreign data":                     {name: "demo-cluster-config-map", data: map[string]string{"address": "a"}},
		"the configuration of a native cluster":          {name: "flink-config-demo", labels: labels},
		"its pod template":                               {name: "pod-template-demo", labels: labels},
		"somebody else's ConfigMap of a like name":       {name: "x-config-map", labels: labels},
		"an election of another program":                 {name: "controller-leader", annotations: lock},
		"the operator's autoscaler":                      {name: "autoscaler-demo", labels: map[string]string{"component": "autoscaler", "app": "demo"}},
		"an id that is no job's":                         {name: "demo-6e6b1332-config-map", labels: labels},
		"a cluster whose id ends like an HA ConfigMap's": {name: "flink-config-demo-cluster-config-map", labels: labels, want: "flink-config-demo"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			configMap := &corev1.ConfigMap{
				ObjectMeta: metav1.ObjectMeta{Name: tc.name, Annotations: tc.annotations, Labels: tc.labels},
				Data:       tc.data,
			}
			got, ok := HAConfigMapCluster(configMap)
			if got != tc.want || ok != (tc.want != "") {
				t.Errorf("got %q, %t, want %q", got, ok, tc.want)
			}
		})
	}
}
