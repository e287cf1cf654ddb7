package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func TestTheGarbageCollectorIsHeldBack(t *testing.T) {
	const owner = "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: jm, uid: d1}]"
	owned := func(object string, more ...string) string {
		return strings.Replace(object, "namespace: team", strings.Join(append(more, "namespace: team", owner), ", "), 1)
	}
	empty := strings.Replace(leaderState, "executionPlan-", "other-", 1)
	running := jobManagerOf("flink", "orders")
	there, gone, unknown := [2]bool{false, true}, [2]bool{true, true}, [2]bool{false, false}
	none := func(*policy.Policy) {}
	for name, tc := range map[string]struct {
		object    string
		namespace [2]bool
		change    func(*policy.Policy)
		around    []string
		refused   bool
	}{
		"from state with jobs":              {owned(leaderState), there, none, nil, true},
		"from state with checkpoints":       {owned(jobState), there, none, nil, true},
		"from live state that is empty":     {owned(empty), there, none, []string{running}, true},
		"also if deletions are not guarded": {owned(leaderState), there, func(p *policy.Policy) { p.HAConfigMaps.GuardDeletes = policy.GuardDeletesOff }, []string{running}, true},
		"also if it holds back itself": {
			owned(leaderState), there, func(p *policy.Policy) { p.Exemptions.Usernames = []policy.ExemptionEntry{{Name: userGarbageCollector}} }, nil, true,
		},

		"not from what is of no use":     {owned(empty), there, none, nil, false},
		"not from what nobody owns":      {leaderState, there, none, []string{running}, false},
		"not in a namespace that ends":   {owned(leaderState), gone, none, []string{running}, false},
		"not if that is not known":       {owned(leaderState), unknown, none, []string{running}, false},
		"not from what is on its way":    {owned(leaderState, "deletionTimestamp: '2026-11-02T11:00:00Z'"), there, none, []string{running}, false},
		"not where nothing is enforced":  {owned(leaderState), there, none, []string{running, enforcing("off")}, false},
		"not in an exempt namespace":     {owned(leaderState), there, func(p *policy.Policy) { p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team"}} }, []string{running}, false},
		"not where nothing is stripped":  {owned(leaderState), there, func(p *policy.Policy) { p.HAConfigMaps.StripOwnerReferences = false }, []string{running}, false},
		"not where they are to be kept":  {owned(leaderState, "annotations: {flink-ha.dev/keep-owner-references: '2026-12-31 x'}"), there, none, []string{running}, false},
		"but where they were to be kept": {owned(leaderState, "annotations: {flink-ha.dev/keep-owner-references: '2026-10-31 x'}"), there, none, []string{running}, true},
		"and where that may not be asked for": {
			owned(leaderState, "annotations: {flink-ha.dev/keep-owner-references: '2026-12-31 x'}"), there, func(p *policy.Policy) { p.OptOut.OwnerReferences = false }, nil, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			request := deletion(t, tc.object)
			request.UserInfo.Username = userGarbageCollector
			p := guarding(policy.GuardDeletesWarn, tc.change)
			decision, err := reviewerUnder(t, p, standing{beside(t, tc.around...), tc.namespace[0], tc.namespace[1]}).ValidateDeletion(request)
			if err != nil {
				t.Fatal(err)
			}
			if refused := decision.Verdict() == VerdictDeny; refused != tc.refused || decision.HAState.Held != tc.refused || len(decision.Notes) > 0 {
				t.Fatalf("got the verdict %s, %+v and %q", decision.Verdict(), decision.HAState, decision.Notes)
			}
			const want = `-config-map": HA state of Flink cluster "orders" must outlive Deployment "jm": the garbage collector may not delete it, and its owner references are about to be removed`
			if tc.refused && !strings.HasSuffix(decision.Message(), want) {
				t.Errorf("got %q", decision.Message())
			}
		})
	}
}

// standing is what is known of a namespace's end.
type standing struct {
	surroundings
	deleting, known bool
}

func (s standing) Namespace(name string) (validation.Namespace, bool) {
	found, _ := s.surroundings.Namespace(name)
	found.Deleting = s.deleting
	return found, s.known
}
