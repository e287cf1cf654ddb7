package validation

import (
	"strings"
	"testing"
)

// updated makes a subject the update of another one.
func updated(t *testing.T, before string) func(*Subject) {
	t.Helper()
	previous := manifest(t, before)
	return func(s *Subject) { s.Previous = &previous }
}

// liveResource is a FlinkDeployment of the name in haStateExample, read over an operator's configuration that sets nothing.
func liveResource(t *testing.T, job, configuration string) Subject {
	t.Helper()
	subject := manifest(t, resourceExample(job, configuration)+haStateExample)
	beside := subject.Around
	subject = with(subject, operatorDefaults("a: b"))
	subject.Around = beside
	return subject
}

func resourceExample(job, configuration string) string {
	return `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  flinkVersion: v1_20
  flinkConfiguration: {` + configuration + `}
` + job
}

const (
	liveOptions  = `high-availability.type: kubernetes, high-availability.storageDir: "s3://b/ha"`
	lastStateJob = "  job: {jarURI: local:///a.jar, upgradeMode: last-state}\n"
	savepointJob = "  job: {jarURI: local:///a.jar, upgradeMode: savepoint}\n"
)

func TestHighAvailabilityRemovedWhileLive(t *testing.T) {
	before, off := liveExample("kubernetes", "s3://b/ha", "orders"), liveExample("NONE", "s3://b/ha", "orders")
	unset := strings.Replace(before, "    high-availability.type: kubernetes\n", "", 1)
	const tail = `; its jobs are not recovered after a restart; fix: high-availability.type: kubernetes, or take savepoints first`
	second := strings.Replace(haStateExample, "orders-cluster-config-map", "orders-"+strings.Repeat("0", 32)+"-config-map", 1)
	foreign := strings.Replace(haStateExample, "orders-cluster-config-map", "payments-cluster-config-map", 1)
	testRule(t, "high-availability-removed-while-live", map[string]ruleCase{
		"switched off": {
			subject: with(manifest(t, off+haStateExample), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]:2:25: high-availability.type is "NONE" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"taken out, with a job": {
			subject: with(manifest(t, unset+haStateExample+second), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]: high-availability.type is not set ("orders" has 2 HA ConfigMaps)` + tail},
		},
		"changed to ZooKeeper": {
			subject: with(manifest(t, strings.Replace(off, "NONE", "zookeeper", 1)+haStateExample), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]:2:25: high-availability.type is "zookeeper" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"in a last-state upgrade": {
			subject: with(liveResource(t, lastStateJob, "a: b"), updated(t, resourceExample(lastStateJob, liveOptions))),
			want:    []string{`spec.flinkConfiguration: high-availability.type is not set ("orders" has 1 HA ConfigMap)` + tail},
		},
		"in an upgrade by savepoint": {subject: with(liveResource(t, savepointJob, "a: b"), updated(t, resourceExample(savepointJob, liveOptions)))},
		"read by a workload": {
			subject: with(manifest(t, off+haStateExample), updated(t, before), readBy(t, versionExample("1.20.1"))),
			want:    []string{`data["flink-conf.yaml"]:2:25: high-availability.type is "NONE" ("orders" has 1 HA ConfigMap)` + tail},
		},
		"a file that does not load": {subject: with(manifest(t, off+haStateExample), updated(t, before), refused)},
		"it stays":                  {subject: with(manifest(t, before+haStateExample), updated(t, before))},
		"it was off before":         {subject: with(manifest(t, off+haStateExample), updated(t, off))},
		"there is no HA state":      {subject: with(manifest(t, off+foreign), updated(t, before))},
		"nothing is known of it":    {subject: with(manifest(t, off), updated(t, before))},
		"a new object":              {subject: manifest(t, off+haStateExample)},
		"it may be on elsewhere":    {subject: with(manifest(t, unset+haStateExample), updated(t, before), incomplete)},
	})
}
