package validation

import (
	"strings"
	"testing"
)

func TestClusterIDChangedWhileLive(t *testing.T) {
	before := liveExample("kubernetes", "s3://b/ha", "orders")
	changed := func(old, now string) string { return strings.Replace(before, old, now, 1) + haStateExample }
	const state = ` ("orders" has 1 HA ConfigMap)`
	const tail = state + `; its jobs are not recovered after a restart; fix: `
	const or = ", or take savepoints first"
	testRule(t, "cluster-id-changed-while-live", map[string]ruleCase{
		"another cluster-id": {
			subject: with(manifest(t, changed("kubernetes.cluster-id: orders", "kubernetes.cluster-id: orders-v2")), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]:5:24: kubernetes.cluster-id is "orders-v2"` + tail + "kubernetes.cluster-id: orders" + or},
		},
		"another namespace": {
			subject: with(manifest(t, changed("kubernetes.namespace: team", "kubernetes.namespace: flink")), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]:6:23: kubernetes.namespace is "flink"` + tail + "kubernetes.namespace: team" + or},
		},
		"no namespace any more": {
			subject: with(manifest(t, changed("    kubernetes.namespace: team\n", "")), updated(t, before)),
			want:    []string{`data["flink-conf.yaml"]: kubernetes.namespace is not set` + tail + "kubernetes.namespace: team" + or},
		},
		"another path": {
			subject: with(manifest(t, changed("high-availability.cluster-id: orders", "high-availability.cluster-id: team/orders")), updated(t, before)),
			want: []string{`data["flink-conf.yaml"]:4:31: high-availability.cluster-id is "team/orders"` + state +
				`; the next JobManager does not find its jobs' files; fix: high-availability.cluster-id: orders` + or},
		},
		"only a slash":                  {subject: with(manifest(t, changed("high-availability.cluster-id: orders", "high-availability.cluster-id: /orders")), updated(t, before))},
		"the same":                      {subject: with(manifest(t, before+haStateExample), updated(t, before))},
		"another directory":             {subject: with(manifest(t, changed("s3://b/ha", "s3://c/ha")), updated(t, before))},
		"nothing is known of HA state":  {subject: with(manifest(t, strings.Replace(before, "kubernetes.cluster-id: orders", "kubernetes.cluster-id: x", 1)), updated(t, before))},
		"a namespace that is filled in": {subject: with(manifest(t, changed("kubernetes.namespace: team", "kubernetes.namespace: ${NAMESPACE}")), updated(t, before))},
		"a path that is filled in": {
			subject: with(manifest(t, changed("high-availability.cluster-id: orders", "high-availability.cluster-id: ${ID}")), updated(t, before)),
		},
		"a path that was filled in": {
			subject: with(manifest(t, before+haStateExample), updated(t, strings.Replace(before, "high-availability.cluster-id: orders", "high-availability.cluster-id: ${ID}", 1))),
		},
		"an id that is filled in":  {subject: with(manifest(t, changed("kubernetes.cluster-id: orders", "kubernetes.cluster-id: ${ID}")), updated(t, before))},
		"an id that was filled in": {subject: with(manifest(t, before+haStateExample), updated(t, strings.Replace(before, "kubernetes.cluster-id: orders", "kubernetes.cluster-id: ${ID}", 1)))},
		"a new object":             {subject: manifest(t, changed("kubernetes.cluster-id: orders", "kubernetes.cluster-id: orders-v2"))},
	})
}
