package validation

import (
	"strings"
	"testing"
)

func TestStorageDirChangedWhileLive(t *testing.T) {
	before := liveExample("kubernetes", "s3://b/ha", "orders")
	on := func(dir string) string { return liveExample("kubernetes", dir, "orders") + haStateExample }
	const effect = `; the next JobManager does not find its jobs' files; fix: `
	const tail = effect + `keep the old directory, or take savepoints first`
	elsewhere := strings.Replace(liveOptions, "s3://b/ha", "s3://c/ha", 1)
	testRule(t, "storage-dir-changed-while-live", map[string]ruleCase{
		"another bucket": {
			subject: with(manifest(t, on("s3://c/ha")), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]:3:31: high-availability.storageDir is "s3://c/ha" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"to the pod's disk": {
			subject: with(manifest(t, on("/ha")), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]:3:31: high-availability.storageDir is "/ha" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"in a last-state upgrade": {
			subject: with(liveResource(t, lastStateJob, elsewhere), updated(t, resourceExample(lastStateJob, liveOptions))),
			want:    []string{`spec.flinkConfiguration["high-availability.storageDir"] is "s3://c/ha" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"of a session of the operator": {
			subject: with(liveResource(t, "", elsewhere), updated(t, resourceExample("", liveOptions))),
			want:    []string{`spec.flinkConfiguration["high-availability.storageDir"] is "s3://c/ha" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"in an upgrade by savepoint":     {subject: with(liveResource(t, savepointJob, elsewhere), updated(t, resourceExample(savepointJob, liveOptions)))},
		"there is no HA state":           {subject: with(manifest(t, strings.ReplaceAll(on("s3://c/ha"), "orders-cluster", "payments-cluster")), updated(t, before))},
		"another id below it":            {subject: with(manifest(t, strings.Replace(on("s3://b/ha"), "cluster-id: orders", "cluster-id: x", 1)), updated(t, before))},
		"only a slash":                   {subject: with(manifest(t, on("s3://b/ha/")), updated(t, before))},
		"the same":                       {subject: with(manifest(t, on("s3://b/ha")), updated(t, before))},
		"nothing is known of HA state":   {subject: with(manifest(t, liveExample("kubernetes", "s3://c/ha", "orders")), updated(t, before))},
		"a new object":                   {subject: manifest(t, on("s3://c/ha"))},
		"a directory that is not known":  {subject: with(manifest(t, on("s3://${BUCKET}/ha")), updated(t, before))},
		"a directory that was not known": {subject: with(manifest(t, on("s3://c/ha")), updated(t, liveExample("kubernetes", "s3://${BUCKET}/ha", "orders")))},
		"a TaskManager":                  {subject: with(manifest(t, on("s3://c/ha")), updated(t, before), taskManager)},
	})
}
