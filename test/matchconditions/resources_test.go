package matchconditions

import (
	"testing"
)

func flinkResource(kind, metadata string) string {
	return `{apiVersion: flink.apache.org/v1beta1, kind: ` + kind + `, metadata: {name: a, ` + metadata + `}, spec: {}}`
}

func TestCustomResourcesAreSelected(t *testing.T) {
	const (
		child = `ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, name: a, uid: u}]`
		gone  = `finalizers: [x/y], deletionTimestamp: "2026-01-01T00:00:00Z"`
	)
	selector := shippedSelector(t)
	for _, kind := range []string{"FlinkDeployment", "FlinkSessionJob", "FlinkBlueGreenDeployment"} {
		t.Run(kind, func(t *testing.T) {
			applied := update(t, flinkResource(kind, ""), flinkResource(kind, ""))
			status := applied
			status.Subresource = "status"
			tests := map[string]struct {
				request Request
				want    string
			}{
				"created":               {creation(t, flinkResource(kind, "")), "validate"},
				"changed":               {applied, "validate"},
				"its status changed":    {status, nobody},
				"created by its parent": {creation(t, flinkResource(kind, child)), "validate-owned"},
				"being deleted":         {update(t, flinkResource(kind, gone), flinkResource(kind, gone)), nobody},
			}
			for sentence, test := range tests {
				if got := selected(t, selector, test.request); got != test.want {
					t.Errorf("%s: selected by %q, want %q", sentence, got, test.want)
				}
			}
		})
	}
}
