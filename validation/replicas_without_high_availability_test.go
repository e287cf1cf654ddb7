package validation

import "testing"

func TestReplicasWithoutHighAvailability(t *testing.T) {
	const (
		leads = `each JobManager leads a cluster of its own, and TaskManagers and jobs end up at any of them; `
		needs = `needs one JobManager, or high availability; fix: `
		with1 = `: 1, or high-availability.type: kubernetes with what belongs to it`
		off   = "jobmanager, -D, high-availability.type=NONE"
	)
	custom := func(mode string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\n" +
			"spec: {flinkVersion: v1_20, jobManager: {replicas: 2}, flinkConfiguration: {" + mode + "}}"
	}
	native := "kind: ConfigMap\nmetadata: {name: flink-config-x, namespace: team, labels: {app: x, type: flink-native-kubernetes}}\n" +
		"data: {flink-conf.yaml: \"jobmanager.rpc.port: 6123\\nkubernetes.jobmanager.replicas: 2\"}"
	testRule(t, "replicas-without-high-availability", map[string]ruleCase{
		"a Deployment": {
			subject: manifest(t, flinkWorkload("Deployment", off, "spec.replicas: 3")),
			want:    []string{`spec.replicas is "3"; ` + leads + needs + "replicas" + with1},
		},
		"a Job": {
			subject: manifest(t, flinkWorkload("Job", "standalone-job, -D, high-availability.type=NONE", "spec.parallelism: 2")),
			want:    []string{`spec.parallelism is "2"; ` + leads + needs + "parallelism" + with1},
		},
		"opted out of high availability": {
			subject: with(manifest(t, flinkWorkload("Deployment", off, "spec.replicas: 3")), notRequired),
			want:    []string{`spec.replicas is "3"; ` + leads + needs + "replicas" + with1},
		},
		"the file says nothing of it": {
			subject: manifest(t, together(flinkWorkload("Deployment", "jobmanager", mountsConfig("spec.replicas: 2")...), flinkConfig("jobmanager.rpc.address: jm"))),
			want:    []string{`spec.replicas is "2"; ` + leads + needs + "replicas" + with1},
		},
		"a custom resource": {
			subject: manifest(t, custom("high-availability.type: NONE")),
			want:    []string{`spec.jobManager.replicas is "2"; the operator refuses it; ` + needs + "replicas" + with1},
		},
		"native": {
			subject: manifest(t, native),
			want: []string{`data["flink-conf.yaml"]:2:33: kubernetes.jobmanager.replicas is "2"; Flink's client refuses it; ` + needs +
				"kubernetes.jobmanager.replicas" + with1},
		},
		"one":                                 {subject: manifest(t, flinkWorkload("Deployment", off))},
		"none":                                {subject: manifest(t, flinkWorkload("Deployment", off, "spec.replicas: 0"))},
		"with high availability":              {subject: manifest(t, flinkWorkload("Deployment", "jobmanager, -D, high-availability.type=kubernetes", "spec.replicas: 2"))},
		"TaskManagers":                        {subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=NONE", "spec.replicas: 2"))},
		"the file is not known":               {subject: manifest(t, flinkWorkload("Deployment", "jobmanager", mountsConfig("spec.replicas: 2")...))},
		"the operator's defaults are unknown": {subject: manifest(t, custom(""))},
		"an option that standalone ignores":   {subject: cluster("kubernetes.jobmanager.replicas: 2")},
	})
}
