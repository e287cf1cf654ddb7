package matchconditions

import (
	"testing"
)

func TestNamespacesAreSelectedForOurLabels(t *testing.T) {
	namespace := func(labels string) string {
		return `{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {` + labels + `}}}`
	}
	const changed = "validate-owned"
	tests := map[string]struct {
		before, now string // before is "-" for a creation
		want        string
	}{
		"created":                            {"-", "", nobody},
		"created with labels of others":      {"-", "flink: a", nobody},
		"created with a label of ours":       {"-", "flink-ha.dev/enforce: strict", changed},
		"unchanged":                          {"flink-ha.dev/enforce: strict", "flink-ha.dev/enforce: strict", nobody},
		"a label of others added":            {"flink-ha.dev/enforce: strict", "flink-ha.dev/enforce: strict, a: b", nobody},
		"a label of ours added":              {"a: b", "a: b, flink-ha.dev/warn: strict", changed},
		"a label of ours added with no text": {"", `flink-ha.dev/warn: ""`, changed},
		"a label of ours changed":            {"flink-ha.dev/warn: strict", "flink-ha.dev/warn: baseline", changed},
		"a label of ours removed":            {"flink-ha.dev/warn: strict", "", changed},
		"freed of the guard":                 {"flink-ha.dev/warn: strict", "flink-ha.dev/guard: disabled", nobody},
		"put back under the guard":           {"flink-ha.dev/guard: disabled", "", changed},

		// The annotation that is read like a label.
		"created with an account":          {"-", "}, annotations: {flink-ha.dev/service-account: jobs", changed},
		"created with another annotation":  {"-", "}, annotations: {a: b, flink-ha.dev/enforce: strict", nobody},
		"an account set":                   {"", "}, annotations: {flink-ha.dev/service-account: jobs", changed},
		"an account set to no text":        {"}, annotations: {a: b", "}, annotations: {flink-ha.dev/service-account: ''", changed},
		"an account changed":               {"}, annotations: {flink-ha.dev/service-account: jobs", "}, annotations: {flink-ha.dev/service-account: flink", changed},
		"an account removed":               {"}, annotations: {flink-ha.dev/service-account: jobs", "", changed},
		"an account left as it is":         {"}, annotations: {flink-ha.dev/service-account: jobs", "}, annotations: {flink-ha.dev/service-account: jobs, a: b", nobody},
		"annotations of others":            {"}, annotations: {a: b", "}, annotations: {a: c, kubectl.kubernetes.io/last-applied-configuration: '{}'", nobody},
		"an account moved into its label":  {"}, annotations: {flink-ha.dev/service-account: jobs", "flink-ha.dev/service-account: jobs", changed},
		"an account beside a changed note": {"}, annotations: {flink-ha.dev/service-account: jobs, a: b", "c: d}, annotations: {flink-ha.dev/service-account: jobs, a: c", nobody},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			request := creation(t, namespace(test.now))
			if test.before != "-" {
				request = update(t, namespace(test.before), namespace(test.now))
			}
			if got := selected(t, selector, request); got != test.want {
				t.Errorf("selected by %q, want %q", got, test.want)
			}
		})
	}
}

func TestNamespacesThatTheGuardLeavesAlone(t *testing.T) {
	selector := shippedSelector(t)
	requests := map[string]Request{
		"configuration":   creation(t, file("flink-conf.yaml", "a: b")),
		"a process":       creation(t, workload(`[{args: [jobmanager]}]`)),
		"HA state":        creation(t, haState(`labels: {type: flink-native-kubernetes}, ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u}]`)),
		"a deletion":      deletion(t, haState(`labels: {type: flink-native-kubernetes}`)),
		"a FlinkSession…": creation(t, flinkResource("FlinkSessionJob", "")),
	}
	for sentence, request := range requests {
		if got := selected(t, selector, request); got == nobody {
			t.Errorf("%s: not selected in an ordinary namespace", sentence)
		}
		if got := selected(t, selector, request.InNamespace(map[string]string{"flink-ha.dev/guard": "disabled"})); got != nobody {
			t.Errorf("%s: selected by %q where the guard is disabled", sentence, got)
		}
		if got := selected(t, selector, request.InNamespace(map[string]string{"flink-ha.dev/guard": "enabled"})); got == nobody {
			t.Errorf("%s: a guard that is not disabled is off", sentence)
		}
		for _, namespace := range []string{"kube-system", "flink-ha-system"} {
			elsewhere := request
			elsewhere.Namespace.Name = namespace
			elsewhere = elsewhere.InNamespace(map[string]string{"kubernetes.io/metadata.name": namespace})
			if got := selected(t, selector, elsewhere); got != nobody {
				t.Errorf("%s: selected by %q in %s", sentence, got, namespace)
			}
		}
	}
}
