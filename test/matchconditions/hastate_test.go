package matchconditions

import (
	"strings"
	"testing"
)

// job is an id as Flink gives it.
const job = "000000006e6b13320000000000000000"

// haState is an HA ConfigMap with further metadata.
func haState(metadata string) string {
	return `{apiVersion: v1, kind: ConfigMap, metadata: {name: demo-cluster-config-map, ` + metadata + `}}`
}

func TestHAStateIsSelectedOnlyWithNewOwners(t *testing.T) {
	const (
		labels  = `labels: {app: demo, type: flink-native-kubernetes, configmap-type: high-availability}, `
		owner   = `ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: u}], `
		another = `ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: v}], `
		lock    = `annotations: {control-plane.alpha.kubernetes.io/leader: '{"renewTime":"1"}'}, `
		renewed = `annotations: {control-plane.alpha.kubernetes.io/leader: '{"renewTime":"2"}'}, `
		gone    = `finalizers: [x/y], deletionTimestamp: 2026-01-01T00:00:00Z, `
	)
	tests := map[string]struct {
		before, now string
		want        string
	}{
		"created without an owner":                 {"", haState(labels), nobody},
		"created with an owner":                    {"", haState(labels + owner), stripped},
		"created without labels, with an owner":    {"", haState(lock + owner), stripped},
		"created without an owner by Flink 1.18":   {"", haState(lock), nobody},
		"renewed":                                  {haState(labels + lock), haState(labels + renewed), nobody},
		"renewed before it has labels":             {haState(lock), haState(renewed), nobody},
		"renewed while it has an owner":            {haState(labels + owner + lock), haState(labels + owner + renewed), nobody},
		"given an owner":                           {haState(labels + lock), haState(labels + owner + lock), stripped},
		"given another owner":                      {haState(labels + owner), haState(labels + another), stripped},
		"its owner taken away":                     {haState(labels + owner), haState(labels), nobody},
		"given an owner while it is being deleted": {haState(labels + gone), haState(labels + gone + owner), nobody},
		"a name alone, given an owner":             {"", haState(owner), nobody},
		"a name that resembles it":                 {"", strings.Replace(haState(labels+owner), "demo-cluster-config-map", "demo-config-map", 1), nobody},
		"the configuration of a native cluster":    {"", strings.Replace(haState(labels+owner), "demo-cluster-config-map", "flink-config-demo", 1), nobody},
		"the pod template of a native cluster":     {"", strings.Replace(haState(labels+owner), "demo-cluster-config-map", "pod-template-demo", 1), nobody},
		"a job's":                                  {"", strings.Replace(haState(labels+owner), "demo-cluster-config-map", "demo-"+job+"-config-map", 1), stripped},
		"a dispatcher's up to Flink 1.14":          {"", strings.Replace(haState(labels+owner), "demo-cluster-config-map", "demo-dispatcher-leader", 1), stripped},
		"a job's leader up to Flink 1.14":          {"", strings.Replace(haState(labels+owner), "demo-cluster-config-map", "demo-"+job+"-jobmanager-leader", 1), stripped},
		"known by its data":                        {"", strings.Replace(haState(owner), "}}", "}, data: {executionPlan-"+job+": x}}", 1), stripped},
		"known by its counter":                     {"", strings.Replace(haState(owner), "}}", "}, data: {counter: \"3\"}}", 1), stripped},
		"known by a leader's address":              {"", strings.Replace(haState(owner), "}}", "}, data: {address: a, sessionId: b}}", 1), stripped},
		"with a configuration put into it":         {"", strings.Replace(haState(labels), "}}", "}, data: {flink-conf.yaml: x}}", 1), nobody},
		"declared to be configuration":             {"", strings.Replace(haState(labels), "labels:", "annotations: {flink-ha.dev/configuration: \"true\"}, labels:", 1), nobody},
		"with foreign data":                        {"", strings.Replace(haState(owner), "}}", "}, data: {address: a}}", 1), nobody},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			request := creation(t, test.now)
			if test.before != "" {
				request = update(t, test.before, test.now)
			}
			if got := selected(t, selector, request); got != test.want {
				t.Errorf("selected by %q, want %q", got, test.want)
			}
		})
	}
}
