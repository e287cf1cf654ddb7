package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// keptCase is what has changed since an account was injected, and whether an update that leaves the account out keeps it.
type keptCase struct {
	around func(*accountsAround)
	policy func(*policy.Policy)
	// none is for an update that names no account, written for one that says "default".
	none, written bool
}

func keptCases() map[string]keptCase {
	return map[string]keptCase{
		"nothing": {none: true, written: true},
		"default carries credentials": {none: true, written: true, around: func(a *accountsAround) {
			a.accounts["default"] = validation.Account{Exists: true, Credentials: []string{"imagePullSecrets"}}
		}},
		"the account lacks rights":       {none: true, written: true, around: func(a *accountsAround) { a.may["flink"] = "" }},
		"rights are not known":           {none: true, written: true, around: func(a *accountsAround) { a.unknown = "access" }},
		"accounts are not known":         {none: true, written: true, around: func(a *accountsAround) { a.unknown = "accounts" }},
		"the namespace is not known":     {none: true, written: true, around: func(a *accountsAround) { a.unknown = "namespace" }},
		"default has the rights":         {none: true, around: may("default", "all")},
		"the account is gone":            {around: func(a *accountsAround) { delete(a.accounts, "flink") }},
		"the namespace names another":    {none: true, written: true, around: naming("team-jobs")},
		"the namespace says default":     {around: naming("default")},
		"the policy injects nothing":     {policy: func(p *policy.Policy) { p.ServiceAccounts.Inject = false }},
		"the namespace enforces nothing": {around: func(a *accountsAround) { a.labels = map[string]string{"flink-ha.dev/enforce": "off"} }},
	}
}

func TestAnUpdateKeepsTheAccount(t *testing.T) {
	const both = "serviceAccount: flink, serviceAccountName: flink"
	live, written := withPod(ownTaskManager, both), withPod(ownTaskManager, strings.ReplaceAll(both, "flink", "default"))
	for name, tc := range keptCases() {
		t.Run(name, func(t *testing.T) {
			with := accountCase{around: tc.around, policy: tc.policy}
			r := with.reviewer(t)
			for what, sent := range map[string]struct {
				object string
				kept   bool
			}{"none": {ownTaskManager, tc.none}, "default": {written, tc.written}} {
				request := update(t, live, sent.object)
				decision, err := r.Mutate(request)
				if err != nil || len(decision.Edits) > 0 != sent.kept {
					t.Errorf("%s: got %+v, %v, want it kept: %t", what, decision, err, sent.kept)
				}
				if len(decision.Edits) > 0 && len(decision.Notes) > 0 {
					t.Errorf("%s: got the notes %q", what, decision.Notes)
				}
			}
		})
	}
	with := accountCase{around: may("default", "all")}
	decision, err := with.reviewer(t).Mutate(update(t, live, strings.Replace(ownTaskManager, "flink:2.0", "flink:2.1", 1)))
	if err != nil || len(decision.Edits) > 0 {
		t.Errorf("the pods restart anyway, and default has the rights: got %+v, %v", decision, err)
	}
	decision, err = (&accountCase{around: func(a *accountsAround) { a.unknown = "access" }}).reviewer(t).Mutate(update(t, withPod(ownTaskManager, "serviceAccountName: mine"), ownTaskManager))
	if err != nil || len(decision.Edits) > 0 {
		t.Errorf("an account that is not the namespace's: got %+v, %v", decision, err)
	}
}

func TestAnUpdateKeepsTheAccountOfAResource(t *testing.T) {
	live, written := withSpec(flinkDeployment, "serviceAccount: flink"), withSpec(flinkDeployment, "serviceAccount: default")
	for name, tc := range keptCases() {
		t.Run(name, func(t *testing.T) {
			with := accountCase{around: tc.around, policy: tc.policy}
			r := with.reviewer(t)
			for what, sent := range map[string]struct {
				object string
				kept   bool
			}{"none": {flinkDeployment, tc.none}, "default": {written, tc.written}} {
				decision, err := r.Mutate(update(t, live, sent.object))
				if err != nil || len(decision.Edits) > 0 != sent.kept {
					t.Errorf("%s: got %+v, %v, want it kept: %t", what, decision, err, sent.kept)
				}
			}
		})
	}
}
