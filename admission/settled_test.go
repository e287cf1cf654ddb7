package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// rendered are surroundings that were given along with the object: what they do not give will not come later.
type rendered struct{ surroundings }

func (r rendered) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	return r.GivenAccounts.Access(account, namespace, needed)
}

// TestSettledFindingsAreNotJoint: an account that lacks rights is warned about in a cluster, where a binding may be on its way, and
// refused among rendered files.
func TestSettledFindingsAreNotJoint(t *testing.T) {
	const id = "jobmanager-rights-missing"
	var rule validation.Rule
	for _, candidate := range validation.Rules() {
		if candidate.ID == id {
			rule = candidate
		}
	}
	jobManager, others, _ := strings.Cut(rule.Example.Wrong, "---\n")
	around := beside(t, others)
	own := strings.Replace(jobManager, "serviceAccountName: flink", "serviceAccountName: able", 1)
	able := beside(t, others, strings.ReplaceAll(strings.ReplaceAll(others, "name: flink}", "name: able}"), "update, delete", "update, patch, delete"))
	for name, tc := range map[string]struct {
		around       validation.Surroundings
		before, want string
	}{
		"a create in a cluster":              {around: around, want: "warn"},
		"a create among files":               {around: rendered{around}, want: "deny"},
		"an update in a cluster":             {around: able, before: own, want: "warn"},
		"an update among files":              {around: rendered{able}, before: own, want: "deny"},
		"an update of what had it, in files": {around: rendered{around}, before: jobManager, want: "warn"},
	} {
		request := create(t, jobManager)
		if tc.before != "" {
			request = update(t, tc.before, jobManager)
		}
		decision, err := reviewer(t, tc.around).Validate(request)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, finding := range decision.Findings {
			if finding.Rule == id {
				got += string(finding.Action)
			}
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
		if tc.want == "deny" && !strings.Contains(decision.Message(), "in namespace \"team\":\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n") {
			t.Errorf("%s: the manifest is not in the message\n%s", name, decision.Message())
		}
	}
}
