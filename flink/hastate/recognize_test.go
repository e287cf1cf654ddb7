package hastate

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestRecognize(t *testing.T) {
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
		"a job graph up to 1.20":                         {name: "demo-cluster-config-map", data: map[string]string{"jobGraph-" + job: "x"}, want: "demo"},
		"an execution plan from 2.0 on":                  {name: "demo-cluster-config-map", data: map[string]string{"executionPlan-" + job: "x"}, want: "demo"},
		"an application from 2.3 on":                     {name: "demo-cluster-config-map", data: map[string]string{"application-" + job: "x"}, want: "demo"},
		"the registry of running jobs up to 1.14":        {name: "demo-dispatcher-leader", data: map[string]string{"runningJobsRegistry-" + job: "RUNNING"}, want: "demo"},
		"a job's leader in the cluster's ConfigMap":      {name: "demo-cluster-config-map", data: map[string]string{"org.apache.flink.k8s.leader.job-" + job: "x"}, want: "demo"},
		"a job with the labels of Flink 2":               {name: "demo-" + job + "-config-map", labels: labels, want: "demo"},
		"a cluster whose id ends like a job's":           {name: "demo-" + job + "-cluster-config-map", labels: labels, want: "demo-" + job},
		"an id in capital letters":                       {name: "demo-" + strings.ToUpper(job) + "-config-map", labels: labels},
		"no id at all":                                   {name: "-cluster-config-map", labels: labels},
		"a foreign application's settings":               {name: "demo-config", data: map[string]string{"application-name": "x", "counter": "3"}},
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
			name, ok := Recognize(configMap)
			if got := name.Cluster; got != tc.want || ok != (tc.want != "") {
				t.Errorf("got %q, %t, want %q", name.Cluster, ok, tc.want)
			}
		})
	}
}
