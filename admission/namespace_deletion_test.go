package admission

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestDeletionsOfNamespacesTellOfLiveClusters(t *testing.T) {
	const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: team}}"
	several := func(ids ...string) []string {
		var manifests []string
		for _, id := range ids {
			manifests = append(manifests, strings.Replace(leaderState, "orders-cluster", id+"-cluster", 1), jobManagerOf("flink", id))
		}
		return append(manifests, jobState)
	}
	note := func(what string) []string { return []string{"with this namespace goes the HA state of " + what} }
	exempt := func(p *policy.Policy) { p.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "me"}} }
	for name, tc := range map[string]struct {
		object string
		change []func(*policy.Policy)
		around []string
		want   []string
	}{
		"one": {
			namespace, nil, several("orders"),
			note(`1 Flink cluster in use, and what it points to in storage is orphaned: "orders" (2 HA ConfigMaps, 1 job)`),
		},
		"many": {namespace, nil, several("a", "b", "c", "d", "orders"), note("5 Flink clusters in use, and what it points to in storage is orphaned: " +
			`"orders" (2 HA ConfigMaps, 1 job), "a" (1 HA ConfigMap, 0 jobs), "b" (1 HA ConfigMap, 0 jobs) and 2 more`)},
		"none in use":        {namespace, nil, []string{leaderState, jobState}, nil},
		"none":               {namespace, nil, []string{jobManagerOf("flink", "orders")}, nil},
		"in another":         {strings.Replace(namespace, "team", "other", 1), nil, several("orders"), nil},
		"one that is going":  {strings.Replace(namespace, "name: team", "name: team, deletionTimestamp: '2026-11-02T11:00:00Z'", 1), nil, several("orders"), nil},
		"by somebody exempt": {namespace, []func(*policy.Policy){exempt}, several("orders"), nil},
		"not guarded":        {namespace, []func(*policy.Policy){func(p *policy.Policy) { p.HAConfigMaps.GuardDeletes = policy.GuardDeletesOff }}, several("orders"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			request := deletion(t, tc.object)
			request.Namespace, request.UserInfo.Username = request.Name, "me"
			decision, err := reviewerUnder(t, guarding(policy.GuardDeletesDeny, tc.change...), beside(t, tc.around...)).ValidateDeletion(request)
			if err != nil || decision.Verdict() == VerdictDeny {
				t.Fatalf("got the verdict %s and %v", decision.Verdict(), err)
			}
			if diff := cmp.Diff(tc.want, decision.Notes); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
