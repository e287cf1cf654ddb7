package matchconditions

import (
	"testing"
)

func TestDeletionsAreSelected(t *testing.T) {
	tests := map[string]struct {
		object string
		want   string
	}{
		"HA state":                          {haState(`labels: {type: flink-native-kubernetes}`), deleted},
		"HA state without data and labels":  {haState(`annotations: {control-plane.alpha.kubernetes.io/leader: "{}"}`), deleted},
		"a ConfigMap with such a name":      {haState(``), nobody},
		"the configuration of a cluster":    {file("flink-conf.yaml", "a: b"), nobody},
		"a ConfigMap of something else":     {file("config.yaml", "a: b"), nobody},
		"a FlinkDeployment":                 {flinkResource("FlinkDeployment", ""), deleted},
		"a FlinkSessionJob":                 {flinkResource("FlinkSessionJob", ""), deleted},
		"a FlinkBlueGreenDeployment":        {flinkResource("FlinkBlueGreenDeployment", ""), deleted},
		"a snapshot, which is no HA state":  {flinkResource("FlinkStateSnapshot", ""), nobody},
		"a namespace":                       {`{apiVersion: v1, kind: Namespace, metadata: {name: a}}`, deleted},
		"a namespace that the guard leaves": {`{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {flink-ha.dev/guard: disabled}}}`, nobody},
		"a Deployment of Flink":             {workload(`[{args: [jobmanager]}]`), nobody},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if got := selected(t, selector, deletion(t, test.object)); got != test.want {
				t.Errorf("selected by %q, want %q", got, test.want)
			}
		})
	}
}
