package workload

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TestOptionsOfTheOperator holds the order of FlinkConfigManager.getDefaultConfig for what the operator keeps to itself.
func TestOptionsOfTheOperator(t *testing.T) {
	const text = `
kubernetes.operator.a: base
kubernetes.operator.b: base
kubernetes.operator.c: base
kubernetes.operator.default-configuration.namespace.ns.kubernetes.operator.b: namespace
kubernetes.operator.default-configuration.namespace.ns.kubernetes.operator.c: namespace
kubernetes.operator.default-configuration.flink-version.v1_19+.kubernetes.operator.c: version
`
	defaults, _ := LoadOperatorDefaults(&corev1.ConfigMap{Data: map[string]string{flink.LegacyFile: text}})
	current := flink.Version{Major: 1, Minor: 20}
	for name, tc := range map[string]struct {
		key, namespace string
		version        flink.Version
		want           string
		set, unknown   bool
	}{
		"the base":               {key: "kubernetes.operator.a", namespace: "ns", version: current, want: "base", set: true},
		"of a namespace":         {key: "kubernetes.operator.b", namespace: "ns", version: current, want: "namespace", set: true},
		"of another namespace":   {key: "kubernetes.operator.b", namespace: "x", version: current, want: "base", set: true},
		"of a version":           {key: "kubernetes.operator.c", namespace: "ns", version: current, want: "version", set: true},
		"of an older version":    {key: "kubernetes.operator.c", namespace: "ns", version: flink.Version{Major: 1, Minor: 18}, want: "namespace", set: true},
		"of an unknown version":  {key: "kubernetes.operator.c", namespace: "ns", set: true, unknown: true},
		"what nobody has set":    {key: "kubernetes.operator.d", namespace: "ns", version: current},
		"where no namespace has": {key: "kubernetes.operator.b", version: current, want: "base", set: true},
	} {
		got := defaults.OfOperator(tc.key, tc.namespace, tc.version)
		if got.Set != tc.set || got.Value() != tc.want || (got.Unknown != "") != tc.unknown {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if got := defaults.For("ns", current); state(got, "kubernetes.operator.a") != "-" {
		t.Error("Flink's processes do not get what the operator keeps to itself")
	}
}
