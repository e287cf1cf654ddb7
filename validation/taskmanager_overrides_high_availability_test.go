package validation

import "testing"

func TestTaskManagerOverridesHighAvailability(t *testing.T) {
	const mode = ", -D, high-availability.type=kubernetes"
	file := flinkConfig("high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x", "kubernetes.namespace: team", "jobmanager.rpc.address: jm")
	good := flinkConfig(goodLines()...)
	jobManager := func(args string) string { return flinkWorkload("Deployment", "jobmanager"+args, mountsConfig()...) }
	taskManager := func(args string) string { return flinkWorkload("Deployment", "taskmanager"+args, mountsConfig()...) }
	testRule(t, "taskmanager-overrides-high-availability", map[string]ruleCase{
		"only the JobManager has it": {
			subject: manifest(t, together(taskManager(""), jobManager(mode), file)),
			want: []string{`configMap flink-config data["flink-conf.yaml"]: high-availability.type is not set (JobManager jobmanager has "kubernetes"); ` +
				`as one cluster they do not find each other; needs what Deployment jobmanager has; fix: the same high-availability.type in both`},
		},
		"the JobManager comes second": {
			subject: manifest(t, together(jobManager(mode), taskManager(""), file)),
			want: []string{`spec.template.spec.containers[0].args[2]: high-availability.type is "kubernetes" (TaskManager taskmanager does not set it); ` +
				`as one cluster they do not find each other; needs what Deployment taskmanager has; fix: the same high-availability.type in both`},
		},
		"another id": {
			subject: manifest(t, together(taskManager(", -Dkubernetes.cluster-id=y"), jobManager(""), good)),
			want: []string{`spec.template.spec.containers[0].args[1]: kubernetes.cluster-id is "y" (JobManager jobmanager has "x"); ` +
				`as one cluster they do not find each other; needs what Deployment jobmanager has; fix: the same kubernetes.cluster-id in both`},
		},
		"another directory for the cluster": {
			subject: manifest(t, together(taskManager(", -Dhigh-availability.cluster-id=y"), jobManager(""), good)),
			want: []string{`spec.template.spec.containers[0].args[1]: high-availability.cluster-id is "y" (JobManager jobmanager has "x"); ` +
				`TaskManagers look for the jobs' files in another directory; needs what Deployment jobmanager has; fix: the same high-availability.cluster-id in both`},
		},
		"both have it":          {subject: manifest(t, together(taskManager(", -Dhigh-availability.type=kubernetes"), jobManager(mode), file))},
		"the same by its file":  {subject: manifest(t, together(taskManager(", -Dhigh-availability.type=kubernetes"), jobManager(""), good))},
		"by itself":             {subject: manifest(t, taskManager(", -Dhigh-availability.type=kubernetes"))},
		"no JobManager yet":     {subject: manifest(t, together(taskManager(""), file))},
		"the file is not known": {subject: manifest(t, together(taskManager(""), jobManager(mode)))},
	})
}
