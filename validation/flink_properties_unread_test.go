package validation

import "testing"

func TestFlinkPropertiesUnread(t *testing.T) {
	const (
		at        = `spec.template.spec.containers[0].env[0].value: `
		readOnly  = ` (docker-entrypoint.sh cannot write the file, which is mounted read-only); `
		tail      = `Flink runs without; fix: write it into the ConfigMap, or as "-D", "high-availability.type=…"`
		one       = `env: [{name: FLINK_PROPERTIES, value: "high-availability.type: kubernetes"}]`
		two       = `env: [{name: FLINK_PROPERTIES, value: "high-availability.type: kubernetes\nkubernetes.cluster-id: x\nrest.port: 1"}]`
		others    = `env: [{name: FLINK_PROPERTIES, value: "rest.port: 1"}]`
		elsewhere = `env: [{name: FLINK_PROPERTIES, valueFrom: {configMapKeyRef: {name: c, key: k}}}]`
		command   = `command: ["/opt/flink/bin/jobmanager.sh", "start-foreground"]`
	)
	mounted := func(fields ...string) Subject {
		return manifest(t, flinkWorkload("Deployment", "jobmanager", mountsConfig(fields...)...))
	}
	testRule(t, "flink-properties-unread", map[string]ruleCase{
		"over a ConfigMap": {subject: mounted(one), want: []string{at + `FLINK_PROPERTIES sets high-availability.type, and nothing reads it` + readOnly + tail}},
		"several of them":  {subject: mounted(two), want: []string{at + `FLINK_PROPERTIES sets high-availability.type and 1 more, and nothing reads it` + readOnly + tail}},
		"past the entry point": {
			subject: manifest(t, flinkWorkload("Deployment", "", one, command)),
			want: []string{at + `FLINK_PROPERTIES sets high-availability.type, and nothing reads it (nothing reads the variable: ` +
				`the command goes past docker-entrypoint.sh of the image); ` + tail},
		},
		"the file says the same":        {subject: manifest(t, together(flinkWorkload("Deployment", "jobmanager", mountsConfig(one)...), flinkConfig(goodLines()...)))},
		"without a mount":               {subject: manifest(t, flinkWorkload("Deployment", "jobmanager", one))},
		"nothing of high availability":  {subject: mounted(others)},
		"a value that is not known":     {subject: mounted(elsewhere)},
		"a file that some versions use": {subject: manifest(t, flinkWorkload("Deployment", "jobmanager", one, `image: "jobs:7"`, `volumeMounts: [{name: config, mountPath: /opt/flink/conf/flink-conf.yaml, subPath: flink-conf.yaml}]`, `pod.volumes: [{name: config, configMap: {name: flink-config}}]`))},
	})
}
