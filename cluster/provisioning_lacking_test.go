package cluster

import (
	"errors"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func TestAccountThatPeopleMadeIsReportedWhereItLacksRights(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("own"), account("team", "own", ""))
	if p.lookLater(t, 0); len(p.events) > 0 {
		t.Errorf("told at once: %v", p.events)
	}
	p.clock = time.Now() // since when things are as they are says the clock of the machine
	if p.lookLater(t, time.Hour); len(p.events) != 1 {
		t.Fatalf("events: %v", p.events)
	}
	event := p.events[0]
	for _, part := range []string{`service account "own"`, "JobManager lacks", "on configmaps", "namespace team", policy.JobManagerRole} {
		if !strings.Contains(event.Note, part) {
			t.Errorf("there is no %q in %s", part, event.Note)
		}
	}
	if event.Type != "Warning" || event.Reason != "ServiceAccountInsufficient" || event.Regarding.Name != "jm" {
		t.Errorf("got %+v", event)
	}
}

func TestAccountThatIsBoundIsReportedWhereTheShippedRolesAreMissing(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"), account("team", "flink", us), binding(policy.JobManagerRole, "flink"))
	p.clock = time.Now().Add(time.Hour)
	if p.lookLater(t, 0); len(p.events) != 1 || !strings.Contains(p.events[0].Note, "apply the guard's manifests again") {
		t.Errorf("events: %v", p.events)
	}
}

func TestWhatAnAccountLacksIsReportedAlsoWhereNothingIsProvisioned(t *testing.T) {
	exempt := func() *policy.Policy {
		p := policy.Default()
		p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team"}}
		return &p
	}
	for name, tc := range map[string]struct {
		change func(*provisioning)
		want   int
	}{
		"the policy provisions nothing": {func(p *provisioning) {
			p.surroundings.options.Policy = accountsPolicy(policy.ServiceAccounts{Inject: true, Name: "flink"})
		}, 1},
		"the policy does not inject": {func(p *provisioning) { p.surroundings.options.Policy = accountsPolicy(policy.ServiceAccounts{}) }, 1},
		"the namespace is exempt":    {func(p *provisioning) { p.surroundings.options.Policy = exempt }, 0},
		"the rules hold nothing against it": {func(p *provisioning) {
			p.surroundings.options.Judge = func(*inventory.Member) []validation.Finding { return nil }
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("own"), account("team", "own", ""))
			tc.change(p)
			p.clock = time.Now().Add(time.Hour)
			if writes, err := p.look(t, "team"); err != nil || len(writes) > 0 || len(p.events) != tc.want {
				t.Errorf("written %v, %v; events: %v", writes, err, p.events)
			}
		})
	}
}

func TestAFailureIsToldOnTheWorkloadsThatItIsAbout(t *testing.T) {
	accounts := makesAccounts()
	accounts.DefaultCredentials = policy.DefaultCredentialsBind
	preset := account("team", "default", "")
	preset.ImagePullSecrets = pullSecrets("registry")
	p := provisioningOf(t, accounts, namespace("team"), jobManager("default"), preset)
	p.answer = apierrors.NewForbidden(schema.GroupResource{Group: "rbac.authorization.k8s.io", Resource: "rolebindings"}, policy.JobManagerRole, errors.New("not allowed"))
	if _, err := p.look(t, "team"); err == nil {
		t.Error("no error")
	}
	if len(p.events) != 1 || p.events[0].Reason != "ServiceAccountFailed" || p.events[0].Regarding.Name != "jm" {
		t.Errorf("events: %v", p.events)
	}
}
