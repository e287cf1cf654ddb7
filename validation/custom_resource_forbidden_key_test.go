package validation

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestCustomResourceForbiddenKey(t *testing.T) {
	const (
		id      = `spec.flinkConfiguration["kubernetes.cluster-id"] is "orders" (the operator takes it from metadata.name); the operator refuses the resource; fix: remove it`
		session = `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: a, namespace: shop}, spec: {deploymentName: b, job: {}, flinkConfiguration: {`
	)
	testRule(t, "custom-resource-forbidden-key", map[string]ruleCase{
		"the name itself": {customResource(t, flinkDeployment("stateless", "kubernetes.cluster-id: orders")), []string{id}},
		"nested": {
			customResource(t, flinkDeployment("stateless", "kubernetes: {cluster-id: orders}")),
			[]string{strings.Replace(id, `["kubernetes.cluster-id"]`, ".kubernetes.cluster-id", 1)},
		},
		"inside a FlinkBlueGreenDeployment": {
			customResource(t, blueGreen(flinkDeployment("stateless", "kubernetes.cluster-id: orders"))),
			[]string{strings.Replace(id, "spec", "spec.template.spec", 1)},
		},
		"empty, with the other two": {
			customResource(t, flinkDeployment("stateless", `kubernetes.cluster-id: ""`, "kubernetes.namespace: x", "high-availability.cluster-id: z")),
			[]string{
				`spec.flinkConfiguration["high-availability.cluster-id"] is "z" (the operator takes it from metadata.name); the operator refuses the resource; fix: remove it`,
				strings.Replace(id, `"orders"`, `""`, 1),
				`spec.flinkConfiguration["kubernetes.namespace"] is "x" (the operator takes it from metadata.namespace); the operator refuses the resource; fix: remove it`,
			},
		},
		"in the operator's configuration": {subject: with(customResource(t, flinkDeployment("stateless")), operatorDefaults("kubernetes.cluster-id: x"))},
		"a session job that goes elsewhere": {
			customResource(t, session+"kubernetes.cluster-id: c, kubernetes.namespace: shop}}}"),
			[]string{`spec.flinkConfiguration["kubernetes.cluster-id"] is "c" (the session cluster is named by spec.deploymentName); ` +
				`the operator sends the job to the cluster of that name; fix: remove it`},
		},
		"a session job that says the same twice": {subject: customResource(t, session+"kubernetes.cluster-id: b}}}")},
		"nothing of the kind":                    {subject: customResource(t, flinkDeployment("stateless"))},
		"a ConfigMap":                            {subject: cluster("kubernetes.cluster-id: x", "kubernetes.namespace: y")},
	})
}

// TestOldOperatorsTakeAnHAClusterID holds what is certain of every operator apart from what only newer ones refuse.
func TestOldOperatorsTakeAnHAClusterID(t *testing.T) {
	manifest := flinkDeployment("stateless", "kubernetes.cluster-id: x", "high-availability.cluster-id: z")
	old := strings.NewReplacer("flink:1.20", "flink:1.16", "v1_20", "v1_16").Replace(manifest)
	for name, tc := range map[string]struct {
		manifest string
		want     map[string]policy.Level
	}{
		"Flink 1.20": {manifest, map[string]policy.Level{"kubernetes.cluster-id": policy.LevelBaseline, "high-availability.cluster-id": policy.LevelBaseline}},
		"Flink 1.16": {old, map[string]policy.Level{"kubernetes.cluster-id": policy.LevelBaseline, "high-availability.cluster-id": policy.LevelStrict}},
	} {
		seen := 0
		for _, finding := range mustEvaluator(t).Evaluate(customResource(t, tc.manifest)) {
			if finding.Rule != "custom-resource-forbidden-key" {
				continue
			}
			if seen++; finding.Level != tc.want[finding.Setting] {
				t.Errorf("%s: got %s at %s, want %s", name, finding.Setting, finding.Level, tc.want[finding.Setting])
			}
		}
		if seen != len(tc.want) {
			t.Errorf("%s: got %d findings, want %d", name, seen, len(tc.want))
		}
	}
}
