package admission

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

const (
	jobID = "5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d"
	// leaderState is the HA state of a session with one job.
	leaderState = "{apiVersion: v1, kind: ConfigMap, metadata: {name: orders-cluster-config-map, namespace: team, labels: {app: orders, type: flink-native-kubernetes}}, " +
		"data: {executionPlan-" + jobID + ": x}}"
	jobState = "{apiVersion: v1, kind: ConfigMap, metadata: {name: orders-" + jobID + "-config-map, namespace: team, labels: {type: flink-native-kubernetes}}, " +
		"data: {counter: '3', checkpointID-0000000000000000002: x}}"
)

// ledState is HA state whose leader has renewed its lock some time ago.
func ledState(ago time.Duration) string {
	renewed := exampleDay().Add(-ago).Format(time.RFC3339Nano)
	lock := fmt.Sprintf(`{"holderIdentity":"h","leaseDuration":15.0,"acquireTime":"%s","renewTime":"%s","leaderTransitions":0}`, renewed, renewed)
	return withAnnotation(leaderState, "control-plane.alpha.kubernetes.io/leader: '"+lock+"'")
}

func withAnnotation(object, annotation string) string {
	return strings.Replace(object, "namespace: team", "namespace: team, annotations: {"+annotation+"}", 1)
}

// jobManagerOf is the Deployment of a cluster's JobManager, with an account and kubernetes.cluster-id, which may be left out.
func jobManagerOf(account, clusterID string) string {
	options := []string{
		"kubernetes.namespace=team", "high-availability.type=kubernetes", "high-availability.storageDir=s3://b/ha", "high-availability.cluster-id=orders",
	}
	if clusterID != "" {
		options = append(options, "kubernetes.cluster-id="+clusterID)
	}
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: jm-" + account + clusterID + ", namespace: team}\n" +
		"spec: {template: {spec: {serviceAccountName: " + account + ", containers: [{name: main, image: 'flink:1.20', args: [jobmanager, -D, '" +
		strings.Join(options, "', -D, '") + "']}]}}}\n"
}

func guarding(guard policy.GuardDeletes, change ...func(*policy.Policy)) policy.Policy {
	p := policy.Default()
	p.HAConfigMaps.GuardDeletes = guard
	for _, edit := range change {
		edit(&p)
	}
	return p
}

func TestDeletionsOfLiveState(t *testing.T) {
	running := jobManagerOf("flink", "orders")
	ours := func(text string) string {
		return withAnnotation(leaderState, "exempt.flink-ha.dev/live-ha-state-deleted: '"+text+"'")
	}
	const (
		deny = policy.GuardDeletesDeny
		warn = policy.GuardDeletesWarn
		off  = policy.GuardDeletesOff
	)
	type change = func(*policy.Policy)
	for name, tc := range map[string]struct {
		guard   policy.GuardDeletes
		change  change
		object  string
		around  []string
		verdict Verdict
		action  policy.Action
		live    bool
	}{
		"warned":                           {warn, nil, leaderState, []string{running}, VerdictWarn, policy.ActionWarn, true},
		"refused":                          {deny, nil, leaderState, []string{running}, VerdictDeny, policy.ActionDeny, true},
		"of a job, refused":                {deny, nil, jobState, []string{running}, VerdictDeny, policy.ActionDeny, true},
		"not guarded, and not live":        {off, nil, leaderState, []string{""}, VerdictAllow, "", false},
		"not guarded":                      {off, nil, leaderState, []string{running}, VerdictAllow, "", true},
		"a leader without a workload":      {deny, nil, ledState(14 * time.Second), []string{""}, VerdictDeny, policy.ActionDeny, true},
		"its leader, asked of the job":     {deny, nil, jobState, []string{ledState(14 * time.Second)}, VerdictDeny, policy.ActionDeny, true},
		"a lock that has lapsed":           {deny, nil, ledState(16 * time.Second), []string{""}, VerdictWarn, "", false},
		"another cluster is live":          {deny, nil, leaderState, []string{jobManagerOf("flink", "payments")}, VerdictWarn, "", false},
		"a workload that is being deleted": {deny, nil, leaderState, []string{strings.Replace(running, "namespace: team", "namespace: team, deletionTimestamp: '2026-11-02T11:00:00Z'", 1)}, VerdictWarn, "", false},
		"a TaskManager alone":              {deny, nil, leaderState, []string{strings.Replace(running, "[jobmanager", "[taskmanager", 1)}, VerdictWarn, "", false},
		"exempt":                           {deny, nil, ours("2026-12-01 cleaning up"), []string{running}, VerdictAllow, policy.ActionExempt, true},
		"exempt no longer":                 {deny, nil, ours("2026-10-01 cleaning up"), []string{running}, VerdictDeny, policy.ActionDeny, true},
		"exempt from another rule":         {deny, nil, withAnnotation(leaderState, "exempt.flink-ha.dev/high-availability-off: '2026-12-01 x'"), []string{running}, VerdictDeny, policy.ActionDeny, true},
		"nothing is enforced":              {deny, nil, leaderState, []string{running, enforcing("off")}, VerdictWarn, policy.ActionWarn, true},
		"the rule is off": {
			deny, func(p *policy.Policy) {
				p.Rules = map[string]policy.RuleOverride{"live-ha-state-deleted": {Level: policy.LevelOff}}
			}, leaderState, []string{running}, VerdictAllow, "", true,
		},
		"the rule is newer than what is enforced": {deny, func(p *policy.Policy) { p.Defaults.Enforce.Version = "v0.1" }, leaderState, []string{running}, VerdictWarn, policy.ActionWarn, true},
		"by a backup tool":                        {deny, func(p *policy.Policy) { p.RestoreUsers = []string{"me"} }, leaderState, []string{running}, VerdictWarn, policy.ActionWarn, true},
		"by somebody exempt":                      {deny, func(p *policy.Policy) { p.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "me"}} }, leaderState, []string{running}, VerdictAllow, policy.ActionExempt, true},
		"in an exempt namespace":                  {deny, func(p *policy.Policy) { p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team"}} }, leaderState, []string{running}, VerdictAllow, policy.ActionExempt, true},
		"on its way out": {
			deny, nil, strings.Replace(leaderState, "namespace: team", "namespace: team, deletionTimestamp: '2026-11-02T11:00:00Z'", 1), []string{running}, VerdictAllow, "", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var changes []change
			if tc.change != nil {
				changes = append(changes, tc.change)
			}
			request := deletion(t, tc.object)
			request.UserInfo.Username = "me"
			decision, err := reviewerUnder(t, guarding(tc.guard, changes...), beside(t, tc.around...)).ValidateDeletion(request)
			if err != nil {
				t.Fatal(err)
			}
			var action policy.Action
			if len(decision.Findings) > 0 {
				action = decision.Findings[0].Action
			}
			if decision.Verdict() != tc.verdict || action != tc.action {
				t.Errorf("got the verdict %s and the action %q, want %s and %q: %q, %q", decision.Verdict(), action, tc.verdict, tc.action, messages(decision), decision.Notes)
			}
			state := decision.HAState
			if state.Deleter != validation.DeleterOther || state.Live != tc.live || state.Held != (tc.verdict == VerdictDeny) {
				t.Errorf("got %+v", state)
			}
		})
	}
}

func TestNothingIsRefusedOnAnInventoryThatCannotBeTrusted(t *testing.T) {
	running := jobManagerOf("flink", "orders")
	w := worldWith(t, running)
	w.policy = guarding(policy.GuardDeletesDeny)
	w.clock = exampleDay()
	w.stale()
	for _, state := range []string{leaderState, ledState(time.Second)} {
		decision, err := w.reviewer.ValidateDeletion(deletion(t, state))
		if err != nil || decision.Verdict() != VerdictWarn {
			t.Errorf("got %s, %q and %v, want a warning", decision.Verdict(), decision.Notes, err)
		}
	}
}

// TestNothingIsRefusedOfWhichNothingIsLost deletes what a JobManager leaves of a job that has ended: by its former account, for example.
func TestNothingIsRefusedOfWhichNothingIsLost(t *testing.T) {
	around := beside(t, jobManagerOf("flink", "orders"))
	emptied, _, _ := strings.Cut(jobState, ", data: ")
	emptied += "}"
	for state, want := range map[string]Verdict{jobState: VerdictDeny, emptied: VerdictWarn} {
		decision, err := reviewerUnder(t, guarding(policy.GuardDeletesDeny), around).ValidateDeletion(deletion(t, state))
		if err != nil || decision.Verdict() != want {
			t.Errorf("%s: got %s and %v, want %s", state, decision.Verdict(), err, want)
		}
	}
}

func TestADeletionOfACollectionNamesNoObject(t *testing.T) {
	request := deletion(t, jobState)
	request.Name = ""
	decision, err := reviewerUnder(t, guarding(policy.GuardDeletesDeny), beside(t, jobManagerOf("flink", "orders"))).ValidateDeletion(request)
	if err != nil {
		t.Fatal(err)
	}
	const want = "ConfigMap \"orders-" + jobID + "-config-map\": 1 violation of Flink high availability\n" +
		`* [live-ha-state-deleted] data: the Deployment "jm-flinkorders" recovers job ` + jobID +
		" from it (orphans 1 checkpoint in s3://b/ha/orders, the last is 2; the rest of the collection may be deleted already); " +
		"checkpoints fail from now on, and the next restart begins with empty state; needs the annotation exempt.flink-ha.dev/live-ha-state-deleted: " +
		"\"YYYY-MM-DD reason\" if it is meant; fix: stop the cluster first\n" +
		"see https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/live-ha-state-deleted.md"
	if diff := cmp.Diff(want, decision.Message()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDeletionsOfStateThatIsNotInUse(t *testing.T) {
	const note = `this ConfigMap is HA state of Flink cluster "orders", which `
	known, unknown := beside(t), surroundings{}
	for name, tc := range map[string]struct {
		around surroundings
		object string
		want   []string
	}{
		"with jobs":               {known, leaderState, []string{note + "is not in use: without it jobs of the cluster are not recovered from their last checkpoint"}},
		"empty":                   {known, strings.Replace(leaderState, "executionPlan-", "other-", 1), []string{note + "is not in use: it points to no job or checkpoint"}},
		"if that is known":        {unknown, jobState, []string{note + "is not known to be in use or not: without it jobs of the cluster are not recovered from their last checkpoint"}},
		"what is of nobody's use": {known, strings.Replace(leaderState, "-cluster-config-map", "-other", 1), nil},
	} {
		decision, err := reviewerUnder(t, guarding(policy.GuardDeletesDeny), tc.around).ValidateDeletion(deletion(t, tc.object))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, decision.Notes); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
