package validation

import (
	"strings"
	"testing"
)

func TestJobResultStoreVolatile(t *testing.T) {
	const lost = "; finished jobs run again with the next pod, unless a shared volume is mounted there; fix: "
	with1 := func(lines ...string) Subject {
		return cluster(append([]string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha"}, lines...)...)
	}
	withArgument := func(text, argument string) string {
		return strings.Replace(text, "            - -D\n", "            - -D\n            - "+argument+"\n            - -D\n", 1)
	}
	application := strings.Replace(jobManagerExample("orders", "orders", "orders"), "- jobmanager\n            - $(POD_IP)", "- standalone-job", 1)
	const again = "; once the job is over, its next deployment is refused as already terminated, since the job's id stays the same; fix: "
	resource := func(job string) string {
		return `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  flinkVersion: v1_20
  flinkConfiguration: {high-availability.type: kubernetes, high-availability.storageDir: "s3://b/ha", job-result-store.storage-path: "file:///results"}
` + job
	}
	testRule(t, "job-result-store-volatile", map[string]ruleCase{
		"local, as far as the configuration shows": {
			subject: with1("job-result-store.storage-path: /results"),
			want: []string{`data["flink-conf.yaml"]:3:32: job-result-store.storage-path is "/results"` + lost +
				"job-result-store.storage-path: s3://<bucket>/<path>"},
		},
		"local, in a session of the operator": {
			subject: manifest(t, resource("")),
			want: []string{`spec.flinkConfiguration["job-result-store.storage-path"] is "file:///results"` + lost +
				"job-result-store.storage-path: s3://<bucket>/<path>"},
		},
		"an application of the operator gets another path": {subject: manifest(t, resource("  job: {jarURI: local:///a.jar}\n"))},
		"the store of 2.3": {
			subject: with(standard("high-availability.type: kubernetes", "application-result-store.storage-path: file:///results"), version(2, 3)),
			want: []string{`data["config.yaml"]:2:40: application-result-store.storage-path is "file:///results"` + lost +
				"application-result-store.storage-path: s3://<bucket>/<path>"},
		},
		"2.0 does not know it": {
			subject: with(standard("high-availability.type: kubernetes", "application-result-store.storage-path: file:///results"), version(2, 0)),
		},
		"1.14 has no store": {subject: with(with1("job-result-store.storage-path: /results"), version(1, 14))},
		"on a claim": {
			subject: manifest(t, withArgument(mountedVolume("/results", aClaim), "job-result-store.storage-path=/results")),
		},
		"shared storage": {subject: with1("job-result-store.storage-path: s3://b/results")},
		"unset":          {subject: with1()},
		"kept for ever, in an application": {
			subject: manifest(t, withArgument(application, "job-result-store.delete-on-commit=false")),
			want:    []string{`spec.template.spec.containers[0].args[2]: job-result-store.delete-on-commit is "false"` + again + `"-D", "job-result-store.delete-on-commit=true"`},
		},
		"kept for ever, with an id": {
			subject: with1("job-result-store.delete-on-commit: false", "$internal.pipeline.job-id: 00000000000000000000000000000001"),
			want:    []string{`data["flink-conf.yaml"]:3:36: job-result-store.delete-on-commit is "false"` + again + "job-result-store.delete-on-commit: true"},
		},
		"deleted":                     {subject: manifest(t, withArgument(application, "job-result-store.delete-on-commit=true"))},
		"kept for ever, in a session": {subject: manifest(t, withArgument(jobManagerExample("a", "a", "a"), "job-result-store.delete-on-commit=false"))},
		"kept for ever, for who knows which jobs": {subject: with1("job-result-store.delete-on-commit: false")},
		"a file that does not load":               {subject: with(with1("job-result-store.storage-path: /results"), refused)},
		"a TaskManager":                           {subject: with(with1("job-result-store.storage-path: /results"), taskManager)},
		"no high availability":                    {subject: with(cluster("job-result-store.storage-path: /results"), notRequired)},
	})
}
