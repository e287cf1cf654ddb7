package validation

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// account is one with labels, as "key=value", and perhaps with what its pods pull images with.
func account(name string, change ...func(*corev1.ServiceAccount)) *corev1.ServiceAccount {
	made := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for _, c := range change {
		c(made)
	}
	return made
}

func pulls(a *corev1.ServiceAccount) {
	a.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "registry"}}
}

func ours(a *corev1.ServiceAccount) { a.Labels = map[string]string{LabelManagedBy: ManagedByGuard} }

func goes(a *corev1.ServiceAccount) { a.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)} }

func TestPlanOfAccounts(t *testing.T) {
	bind := func(p *policy.Policy) {
		p.ServiceAccounts.BindExisting, p.ServiceAccounts.DefaultCredentials = true, policy.DefaultCredentialsBind
	}
	for name, tc := range map[string]struct {
		change    func(*policy.Policy)
		namespace map[string]string
		account   *corev1.ServiceAccount
		// makes tells whether the guard makes an account of the name, binds whether it binds this one once it is there.
		makes, binds bool
	}{
		"the account of the policy":           {account: account("flink"), makes: true},
		"another account":                     {account: account("mine")},
		"the account of the namespace":        {account: account("mine"), namespace: map[string]string{policy.LabelServiceAccount: "mine"}, makes: true},
		"default, named by the namespace":     {account: account("default"), namespace: map[string]string{policy.LabelServiceAccount: "default"}},
		"one that the guard made":             {account: account("former", ours), binds: true},
		"one that the guard made, on its way": {account: account("former", ours, goes)},
		"one that people made":                {account: account("flink"), change: bind, makes: true, binds: true},
		"default with credentials":            {account: account("default", pulls), change: bind, binds: true},
		"default without":                     {account: account("default"), change: bind},
		"nothing enforced":                    {account: account("flink", ours), namespace: map[string]string{policy.LabelEnforce: "off"}},
		"no guard":                            {account: account("flink", ours), namespace: map[string]string{policy.LabelGuard: policy.GuardDisabled}},
		"an exempt namespace": {account: account("flink", ours), change: func(p *policy.Policy) {
			p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team", Reason: "a test"}}
		}},
		"nothing provisioned": {account: account("flink", ours), change: func(p *policy.Policy) { p.ServiceAccounts.Provision = false }},
		"nothing injected":    {account: account("flink", ours), change: func(p *policy.Policy) { p.ServiceAccounts.Inject = false }},
	} {
		p := policy.Default()
		if tc.change != nil {
			tc.change(&p)
		}
		plan := PlanAccounts(&p, "team", tc.namespace, longAgo())
		if makes, binds := plan.Makes(tc.account.Name), plan.Binds(tc.account); makes != tc.makes || binds != tc.binds {
			t.Errorf("%s: it is made: %v, bound: %v, want %v and %v", name, makes, binds, tc.makes, tc.binds)
		}
	}
}
