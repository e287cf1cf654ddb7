package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// accountsAround are objects, and service accounts of which it is known what they may do.
type accountsAround struct {
	surroundings

	labels   map[string]string
	accounts map[string]validation.Account
	// may has for each account what it may do in the namespace "team": "all", "configmaps", "watch" or "pods", in a row.
	may map[string]string
	// unknown are questions that are not answered: "access", "accounts", "namespace".
	unknown string
}

// amongAccounts knows "default", which may do nothing, and "flink", which may do everything.
func amongAccounts(t testing.TB, manifests ...string) *accountsAround {
	t.Helper()
	return &accountsAround{
		surroundings: beside(t, manifests...),
		accounts:     map[string]validation.Account{"default": {Exists: true}, "flink": {Exists: true}},
		may:          map[string]string{"flink": "all"},
	}
}

func (a *accountsAround) Namespace(string) (validation.Namespace, bool) {
	return validation.Namespace{Labels: a.labels}, !strings.Contains(a.unknown, "namespace")
}

func (a *accountsAround) ServiceAccount(_, name string) (validation.Account, bool) {
	return a.accounts[name], !strings.Contains(a.unknown, "accounts")
}

func (a *accountsAround) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	if strings.Contains(a.unknown, "access") {
		return access.Answer{}
	}
	answer := access.Answer{Known: true, Changed: exampleDay().AddDate(0, 0, -1)}
	for _, right := range needed {
		if namespace != "team" || account.Namespace != "team" || !covers(a.may[account.Name], right) {
			answer.Missing = append(answer.Missing, right)
		}
	}
	return answer
}

func covers(may string, right rights.Right) bool {
	watches := right.Verb == "list" || right.Verb == "watch"
	return strings.Contains(may, "all") || strings.Contains(may, "pods") && right.Resource != "configmaps" ||
		strings.Contains(may, "configmaps") && right.Resource == "configmaps" || strings.Contains(may, "watch") && right.Resource == "configmaps" && watches
}

// accountCase is an object among accounts, and what is to come of it.
type accountCase struct {
	object string
	// beside are other objects.
	beside []string
	around func(*accountsAround)
	policy func(*policy.Policy)
	// want is the patch, "" for none, and wantAccount the outcome and the account.
	want, wantAccount string
	// wantNote is a part of the only note, "" for none.
	wantNote string
	// remains is the rule that still finds something about accounts, "" for none.
	remains string
}

func (tc *accountCase) reviewer(t testing.TB) *Reviewer {
	t.Helper()
	around := amongAccounts(t, tc.beside...)
	if tc.around != nil {
		tc.around(around)
	}
	p := policy.Default()
	if tc.policy != nil {
		tc.policy(&p)
	}
	return reviewerUnder(t, p, around)
}

// run reviews the creation of the object, and checks what has to be true of every one: whatever comes again changes nothing more, and
// nothing that is said of accounts is left to say.
func (tc *accountCase) run(t *testing.T) {
	t.Helper()
	request, r := create(t, tc.object), tc.reviewer(t)
	decision, err := r.Mutate(request)
	if err != nil {
		t.Fatal(err)
	}
	if got := patchOf(t, decision); got != tc.want {
		t.Errorf("got  %s\nwant %s", got, tc.want)
	}
	if got := strings.TrimSpace(string(decision.Account.Outcome) + " " + decision.Account.Name); got != tc.wantAccount {
		t.Errorf("the account: got %q, want %q", got, tc.wantAccount)
	}
	if notes := strings.Join(decision.Notes, "\n"); (notes == "") != (tc.wantNote == "") || !strings.Contains(notes, tc.wantNote) {
		t.Errorf("got the notes %q, want %q", notes, tc.wantNote)
	}
	for _, note := range decision.Notes {
		if len(note) > maxWarning {
			t.Errorf("%d characters: %s", len(note), note)
		}
	}
	dry := *request
	dry.DryRun = new(true)
	if rehearsed, err := r.Mutate(&dry); err != nil || patchOf(t, rehearsed) != tc.want {
		t.Errorf("a dry run: got %s, %v", patchOf(t, rehearsed), err)
	}
	if tc.want != "" {
		tc.again(t, r, string(applied(t, request.Object.Raw, decision)))
	}
}

// again sends the edited object once more in all the ways in which it may come.
func (tc *accountCase) again(t *testing.T, r *Reviewer, edited string) {
	t.Helper()
	if second, err := r.Mutate(create(t, edited)); err != nil || len(second.Edits)+len(second.Notes) > 0 {
		t.Errorf("a second pass: got %+v and %q, %v", second.Edits, second.Notes, err)
	}
	if second, err := r.Mutate(update(t, edited, edited)); err != nil || len(second.Edits)+len(second.Notes) > 0 {
		t.Errorf("an update of nothing: got %+v and %q, %v", second.Edits, second.Notes, err)
	}
	// The object as its author wrote it, in place of the edited one: a PUT, or an apply that says "default".
	request := update(t, edited, tc.object)
	second, after, err := r.Decide(request)
	if err != nil || string(after) != string(manifest(t, edited)) {
		t.Errorf("the object as it was written, again: got %s, %v", after, err)
	}
	for _, finding := range second.Findings {
		if finding.Rule == tc.remains {
			continue
		}
		if strings.HasPrefix(finding.Rule, "service-account-") || strings.HasSuffix(finding.Rule, "-rights-missing") {
			t.Errorf("the edited object is not right: [%s] %s", finding.Rule, finding.Message())
		}
	}
}
