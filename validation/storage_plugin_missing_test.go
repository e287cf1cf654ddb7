package validation

import (
	"strings"
	"testing"
)

func TestStoragePluginMissing(t *testing.T) {
	deployment, _, _ := strings.Cut(jobManagerExample("orders", "orders", "orders"), "            - {name: ENABLE_BUILT_IN_PLUGINS")
	deployment += "            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n"
	const at = "spec.template.spec.containers[0].args[5]: high-availability.storageDir is "
	on := func(scheme string) string {
		return strings.Replace(deployment, "storageDir=s3:", "storageDir="+scheme+":", 1)
	}
	image := func(text, image string) string { return strings.Replace(text, "flink:1.20.1", image, 1) }
	variable := func(text, variable string) string {
		return strings.Replace(text, "          env:\n", "          env:\n            - "+variable+"\n", 1)
	}
	mount := func(at string) string {
		return deployment + "          volumeMounts: [{name: jars, mountPath: " + at + "}]\n      volumes: [{name: jars, emptyDir: {}}]\n"
	}
	plugin := func(name string) string { return "env ENABLE_BUILT_IN_PLUGINS: " + name + "-1.20.1.jar" }
	missing := []string{at + `"s3://my-bucket/ha"; the image has no plugin for it, and Flink does not start; fix: ` + plugin("flink-s3-fs-hadoop")}
	testRule(t, "storage-plugin-missing", map[string]ruleCase{
		"S3":    {subject: manifest(t, deployment), want: missing},
		"Azure": {subject: manifest(t, on("abfss")), want: []string{at + `"abfss://my-bucket/ha"; the image has no plugin for it, and Flink does not start; fix: ` + plugin("flink-azure-fs-hadoop")}},
		"HDFS":  {subject: manifest(t, on("hdfs")), want: []string{at + `"hdfs://my-bucket/ha"; the image has no Hadoop, and Flink does not start; fix: ` + "an image with Hadoop"}},
		"a version that is not exact": {
			subject: manifest(t, image(deployment, "apache/flink:1.20")),
			want:    []string{at + `"s3://my-bucket/ha"; the image has no plugin for it, and Flink does not start; fix: ` + "env ENABLE_BUILT_IN_PLUGINS: flink-s3-fs-hadoop-<version>.jar"},
		},
		"another plugin":              {subject: manifest(t, variable(deployment, "{name: ENABLE_BUILT_IN_PLUGINS, value: flink-gs-fs-hadoop-1.20.1.jar}")), want: missing},
		"Presto's for s3a":            {subject: manifest(t, variable(on("s3a"), "{name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-1.20.1.jar}")), want: []string{at + `"s3a://my-bucket/ha"; the image has no plugin for it, and Flink does not start; fix: ` + plugin("flink-s3-fs-hadoop")}},
		"by the entry point in words": {subject: manifest(t, strings.Replace(deployment, "          args:", "          command: [/docker-entrypoint.sh]\n          args:", 1)), want: missing},
		"with a file that is not known": {
			subject: manifest(t, deployment+"          volumeMounts: [{name: c, mountPath: /opt/flink/conf}]\n      volumes: [{name: c, configMap: {name: c}}]\n"), want: missing,
		},
		"a mount beside": {subject: manifest(t, mount("/opt/flink/usrlib")), want: missing},
		"with the file of a ConfigMap": {
			subject: manifest(t, pluginExample("")),
			want:    []string{`configMap flink-config data["flink-conf.yaml"]:3:31: high-availability.storageDir is "s3://my-bucket/ha"; the image has no plugin for it, and Flink does not start; fix: ` + "env ENABLE_BUILT_IN_PLUGINS: flink-s3-fs-hadoop-1.19.3.jar"},
		},
		"of a ConfigMap's reader": {
			subject: with(manifest(t, liveExample("kubernetes", "gs://my-bucket/ha", "orders")), readBy(t, deployment)),
			want:    []string{`data["flink-conf.yaml"]:3:31: high-availability.storageDir is "gs://my-bucket/ha"; the image has no plugin for it, and Flink does not start; fix: ` + plugin("flink-gs-fs-hadoop")},
		},
		"Presto for s3":            {subject: manifest(t, variable(deployment, "{name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-1.20.1.jar}"))},
		"of several plugins":       {subject: manifest(t, variable(deployment, "{name: ENABLE_BUILT_IN_PLUGINS, value: a.jar;flink-s3-fs-hadoop-1.20.1.jar}"))},
		"plugins by a reference":   {subject: manifest(t, variable(deployment, "{name: ENABLE_BUILT_IN_PLUGINS, value: $(PLUGINS)}"))},
		"plugins from a ConfigMap": {subject: manifest(t, variable(deployment, "{name: ENABLE_BUILT_IN_PLUGINS, valueFrom: {configMapKeyRef: {name: a, key: b}}}"))},
		"variables from a Secret":  {subject: manifest(t, deployment+"          envFrom: [{secretRef: {name: s}}]\n")},
		"plugins elsewhere":        {subject: manifest(t, variable(deployment, "{name: FLINK_PLUGINS_DIR, value: /plugins}"))},
		"a volume of plugins":      {subject: manifest(t, mount("/opt/flink/plugins"))},
		"a placeholder":            {subject: manifest(t, strings.Replace(deployment, "my-bucket", "<bucket>", 1))},
		"a shell behind the entry point": {
			subject: manifest(t, strings.Replace(deployment, "          args:\n            - jobmanager\n", "          command: [/docker-entrypoint.sh, bash, -c, cp opt/* plugins/ && bin/jobmanager.sh start-foreground]\n          args:\n", 1)),
		},
		"a start script without the entry point": {
			subject: manifest(t, strings.Replace(deployment, "          args:\n            - jobmanager\n            - $(POD_IP)\n", "          command: [/opt/flink/bin/jobmanager.sh, start-foreground]\n          args:\n", 1)),
		},
		"a volume with plugins":      {subject: manifest(t, mount("/opt/flink/plugins/s3"))},
		"a volume over everything":   {subject: manifest(t, mount("/opt/flink/"))},
		"a command that may copy":    {subject: manifest(t, strings.Replace(deployment, "          args:\n            - jobmanager\n", "          command: [bash, -c, cp opt/* plugins/ && bin/jobmanager.sh start-foreground]\n          args:\n", 1))},
		"an image of one's own":      {subject: manifest(t, image(deployment, "my/flink:1.20.1"))},
		"a file":                     {subject: manifest(t, on("file"))},
		"a scheme that nobody knows": {subject: manifest(t, on("ceph"))},
		"a directory not known":      {subject: manifest(t, strings.Replace(deployment, "my-bucket", "$(BUCKET)", 1))},
		"a ConfigMap by itself":      {subject: manifest(t, liveExample("kubernetes", "s3://my-bucket/ha", "orders"))},
	})
}

func TestStoragePluginMissingInCustomResources(t *testing.T) {
	const custom = `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  image: flink:1.20.1
  flinkVersion: v1_20
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
`
	const template = "  podTemplate: {spec: {containers: [{name: flink-main-container, "
	missing := []string{`spec.flinkConfiguration["high-availability.storageDir"] is "s3://my-bucket/ha"; ` +
		`the image has no plugin for it, and Flink does not start; fix: env ENABLE_BUILT_IN_PLUGINS: flink-s3-fs-hadoop-1.20.1.jar`}
	plain := operatorDefaults("a: b")
	testRule(t, "storage-plugin-missing", map[string]ruleCase{
		"without it":                     {subject: with(manifest(t, custom), plain), want: missing},
		"with other variables":           {subject: with(manifest(t, custom+template+"env: [{name: A, value: b}]}]}}\n"), plain), want: missing},
		"in the pod template":            {subject: with(manifest(t, custom+template+"env: [{name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.20.1.jar}]}]}}\n"), plain)},
		"by an option":                   {subject: with(manifest(t, custom+"    containerized.master.env.ENABLE_BUILT_IN_PLUGINS: flink-s3-fs-hadoop-1.20.1.jar\n"), plain)},
		"by the operator":                {subject: with(manifest(t, custom), operatorDefaults("containerized.master.env.ENABLE_BUILT_IN_PLUGINS: flink-s3-fs-presto-1.20.1.jar"))},
		"a template that cannot be read": {subject: with(manifest(t, custom+"  podTemplate: text\n"), plain)},
		"the operator is not known":      {subject: manifest(t, custom)},
		"the operator's image":           {subject: with(manifest(t, strings.Replace(custom, "  image: flink:1.20.1\n", "", 1)), plain)},
	})
}
