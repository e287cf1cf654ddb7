package matchconditions

import (
	"strings"
	"testing"
)

func flinkResource(kind, metadata string) string {
	return specified(kind, metadata, "spec: {}")
}

func specified(kind, metadata, spec string) string {
	return `{apiVersion: flink.apache.org/v1beta1, kind: ` + kind + `, metadata: {name: a, ` + metadata + `}, ` + spec + `}`
}

func TestCustomResourcesAreSelected(t *testing.T) {
	const (
		child = `ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, name: a, uid: u}]`
		gone  = `finalizers: [x/y], deletionTimestamp: "2026-01-01T00:00:00Z"`
	)
	selector := shippedSelector(t)
	for kind, mutates := range map[string]string{"FlinkDeployment": "mutate ", "FlinkSessionJob": "", "FlinkBlueGreenDeployment": "mutate "} {
		t.Run(kind, func(t *testing.T) {
			annotated := update(t, flinkResource(kind, ""), flinkResource(kind, "annotations: {a: b}, finalizers: [flinkdeployments.flink.apache.org/finalizer]"))
			status := annotated
			status.Subresource = "status"
			changed := func(before, now string) Request {
				return update(t, specified(kind, "", before), specified(kind, "", now))
			}
			const deep = "spec: {podTemplate: {spec: {containers: [{name: flink-main-container, env: [{name: A, value: b}]}]}}}"
			tests := map[string]struct {
				request Request
				want    string
			}{
				"created":                {creation(t, flinkResource(kind, "")), mutates + "validate"},
				"created without a spec": {creation(t, specified(kind, "", "status: {}")), mutates + "validate"},
				"its metadata changed":   {annotated, "validate"},
				"nothing changed":        {changed(deep, deep), "validate"},
				"its spec changed":       {changed("spec: {job: {state: running}}", "spec: {job: {state: suspended}}"), mutates + "validate"},
				"deep in its spec":       {changed(deep, strings.Replace(deep, "value: b", "value: c", 1)), mutates + "validate"},
				"a spec added":           {changed("status: {}", deep), mutates + "validate"},
				"a spec removed":         {changed(deep, "status: {}"), mutates + "validate"},
				"its status changed":     {status, nobody},
				"created by its parent":  {creation(t, flinkResource(kind, child)), mutates + "validate-owned"},
				"being deleted":          {update(t, flinkResource(kind, gone), specified(kind, gone, deep)), nobody},
			}
			for sentence, test := range tests {
				if got := selected(t, selector, test.request); got != test.want {
					t.Errorf("%s: selected by %q, want %q", sentence, got, test.want)
				}
			}
		})
	}
}
