package validation

import (
	"strings"
	"testing"
)

func TestTaskManagerInAnotherCluster(t *testing.T) {
	const tail = `as one cluster they do not find each other; needs what Deployment jobmanager has; fix: the same `
	jobManager := flinkWorkload("Deployment", "jobmanager", mountsConfig()...)
	taskManager := strings.ReplaceAll(flinkWorkload("Deployment", "taskmanager", mountsConfig()...), "flink-config", "tm-config")
	good := flinkConfig(goodLines()...)
	config := func(lines ...string) string {
		return strings.Replace(flinkConfig(append([]string{"jobmanager.rpc.address: jm"}, lines...)...), "flink-config", "tm-config", 1)
	}
	same := strings.Replace(good, "flink-config", "tm-config", 1)
	other := config("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: y", "kubernetes.namespace: team")
	named := func(document, name string) string {
		return strings.NewReplacer("name: jobmanager,", "name: "+name+",", "name: taskmanager,", "name: "+name+",").Replace(document)
	}
	testRule(t, "taskmanager-in-another-cluster", map[string]ruleCase{
		"no high availability beside a JobManager that has it": {
			subject: manifest(t, together(taskManager, config(), jobManager, good)),
			want: []string{`configMap tm-config data["flink-conf.yaml"]: high-availability.type is not set (JobManager jobmanager has "kubernetes"); ` + tail +
				`high-availability.type in both`},
		},
		"another cluster-id": {
			subject: manifest(t, together(taskManager, other, jobManager, good)),
			want: []string{`configMap tm-config data["flink-conf.yaml"]:4:24: kubernetes.cluster-id is "y" (JobManager jobmanager has "x"); ` + tail +
				`kubernetes.cluster-id in both`},
		},
		"the JobManager comes second": {
			subject: manifest(t, together(jobManager, good, taskManager, other)),
			want: []string{`configMap flink-config data["flink-conf.yaml"]:4:24: kubernetes.cluster-id is "x" (TaskManager taskmanager has "y"); ` +
				`as one cluster they do not find each other; needs what Deployment taskmanager has; fix: the same kubernetes.cluster-id in both`},
		},
		"the ConfigMap comes second": {
			subject: with(manifest(t, together(other, jobManager, good, taskManager)), readBy(t, taskManager)),
			want:    []string{`data["flink-conf.yaml"]:4:24: kubernetes.cluster-id is "y" (JobManager jobmanager has "x"); ` + tail + `kubernetes.cluster-id in both`},
		},
		"the same in two files":        {subject: manifest(t, together(taskManager, same, jobManager, good))},
		"two JobManagers may be meant": {subject: manifest(t, together(taskManager, other, jobManager, named(jobManager, "second"), good))},
		"a TaskManager that agrees is there": {
			subject: manifest(t, together(taskManager, other, jobManager, good, strings.ReplaceAll(named(taskManager, "first"), "tm-config", "flink-config"))),
		},
		"its file is not known":             {subject: manifest(t, together(taskManager, jobManager, good))},
		"by itself":                         {subject: manifest(t, taskManager)},
		"both without high availability":    {subject: manifest(t, together(taskManager, config(), jobManager, flinkConfig("jobmanager.rpc.address: jm")))},
		"another label, and no common file": {subject: manifest(t, together(strings.Replace(taskManager, "app: flink", "app: y", 1), other, jobManager, good))},
		"an update of the file that both mount": {
			subject: with(manifest(t, together(strings.ReplaceAll(good, "cluster-id: x", "cluster-id: z"), good, jobManager, named(flinkWorkload("Deployment", "taskmanager", mountsConfig()...), "tm"))), readBy(t, jobManager)),
		},
	})
}
