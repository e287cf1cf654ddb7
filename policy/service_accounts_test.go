package policy

import (
	"testing"
	"time"
)

func TestAccountFor(t *testing.T) {
	named := map[string]string{LabelServiceAccount: "jobs"}
	cases := map[string]struct {
		accounts ServiceAccounts
		labels   map[string]string
		want     string
	}{
		"the policy's":                        {ServiceAccounts{Inject: true, Name: "flink"}, nil, "flink"},
		"the namespace's":                     {ServiceAccounts{Inject: true, Name: "flink"}, named, "jobs"},
		"a label that is no name":             {ServiceAccounts{Inject: true, Name: "flink"}, map[string]string{LabelServiceAccount: "Jobs!"}, "flink"},
		"nothing is injected":                 {ServiceAccounts{Name: "flink"}, named, ""},
		"only where a label says so":          {ServiceAccounts{Inject: true, Name: "flink", LabelledNamespacesOnly: true}, named, "jobs"},
		"only where a label says so, and not": {ServiceAccounts{Inject: true, Name: "flink", LabelledNamespacesOnly: true}, nil, ""},
	}
	for name, tc := range cases {
		p := Policy{ServiceAccounts: tc.accounts}
		if got := p.AccountFor(tc.labels); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func TestProvisionsIn(t *testing.T) {
	now := time.Date(2026, time.November, 2, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		change func(*Policy)
		labels map[string]string
		want   bool
	}{
		"by default":              {want: true},
		"nothing is made":         {change: func(p *Policy) { p.ServiceAccounts.Provision = false }},
		"nothing is injected":     {change: func(p *Policy) { p.ServiceAccounts.Inject = false }},
		"nothing is enforced":     {labels: map[string]string{LabelEnforce: "off"}},
		"the guard is disabled":   {labels: map[string]string{LabelGuard: GuardDisabled}},
		"the namespace is exempt": {change: func(p *Policy) { p.Exemptions.Namespaces = []ExemptionEntry{{Name: "team"}} }},
		"another one is exempt":   {change: func(p *Policy) { p.Exemptions.Namespaces = []ExemptionEntry{{Name: "other"}} }, want: true},
	}
	for name, tc := range cases {
		p := Default()
		if tc.change != nil {
			tc.change(&p)
		}
		if got := p.ProvisionsIn("team", tc.labels, now); got != tc.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
