package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestNeedsOfCustomResources(t *testing.T) {
	resource := func(spec map[string]any) *inventory.Member {
		object := flinkDeployment("team", "demo")
		object.Object["spec"] = spec
		kept := transformTwice[client.Object](t, slimResource, object).(*keptObject)
		f := newFeed(nil)
		f.replaceObject(nil, kept)
		member, _ := f.inventory.Member(kept.member.Key)
		return member
	}
	ha := map[string]any{"high-availability.type": "kubernetes"}
	cases := map[string]struct {
		spec map[string]any
		want map[string][]string
	}{
		"native":     {map[string]any{"serviceAccount": "flink", "flinkConfiguration": ha}, map[string][]string{"flink": {policy.JobManagerRole, policy.NativeRole}}},
		"standalone": {map[string]any{"serviceAccount": "flink", "mode": "standalone", "flinkConfiguration": ha}, map[string][]string{"flink": {policy.JobManagerRole}}},
		"high availability is not known": {
			map[string]any{"serviceAccount": "flink"}, map[string][]string{"flink": {policy.JobManagerRole, policy.NativeRole}},
		},
		"TaskManagers have another": {
			map[string]any{"serviceAccount": "flink", "flinkConfiguration": map[string]any{"high-availability.type": "kubernetes", "kubernetes.taskmanager.service-account": "tasks"}},
			map[string][]string{"flink": {policy.JobManagerRole, policy.NativeRole}, "tasks": {policy.TaskManagerRole}},
		},
		"without an account": {map[string]any{"flinkConfiguration": ha}, map[string][]string{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[string][]string{}
			for _, need := range needsOfResource(resource(tc.spec)) {
				got[need.account] = append(got[need.account], need.roles...)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("needs (-want,+got):\n%s", diff)
			}
		})
	}
}
