package validation

import (
	"strings"
	"testing"
)

func TestVersionLosesLeadership(t *testing.T) {
	const tail = `; a JobManager that loses leadership once, for 15 s without the API server, never leads again (FLINK-34007); fix: Flink 1.19 or later`
	const custom = `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  image: flink:1.18.0
  flinkVersion: v1_18
  flinkConfiguration: {high-availability.type: kubernetes}
`
	other := func(version string) Subject { return manifest(t, versionExample(version)) }
	testRule(t, "version-loses-leadership", map[string]ruleCase{
		"1.18.1":               {subject: other("1.18.1"), want: []string{`spec.template.spec.containers[0].image is "flink:1.18.1"` + tail}},
		"1.18.0":               {subject: other("1.18.0-scala_2.12"), want: []string{`spec.template.spec.containers[0].image is "flink:1.18.0-scala_2.12"` + tail}},
		"of a custom resource": {subject: manifest(t, custom), want: []string{`spec.image is "flink:1.18.0"` + tail}},
		"of a ConfigMap's reader": {
			subject: with(manifest(t, liveExample("kubernetes", "s3://b/ha", "orders")), readBy(t, versionExample("1.18.1"))),
			want:    []string{`data["flink-conf.yaml"]:2:25: high-availability.type is "kubernetes" (read by the Deployment "orders" with Flink 1.18.1)` + tail},
		},
		"1.18.2":                {subject: other("1.18.2")},
		"1.18, who knows which": {subject: other("1.18")},
		"1.17":                  {subject: other("1.17.1")},
		"2.1.1":                 {subject: other("2.1.1")},
		"who knows":             {subject: other("latest")},
		"a TaskManager":         {subject: manifest(t, strings.Replace(versionExample("1.18.1"), "- jobmanager\n            - $(POD_IP)", "- taskmanager", 1))},
		"ZooKeeper":             {subject: manifest(t, strings.Replace(versionExample("1.18.1"), "type=kubernetes", "type=zookeeper", 1))},
		"a ConfigMap by itself": {subject: manifest(t, liveExample("kubernetes", "s3://b/ha", "orders"))},
	})
}
