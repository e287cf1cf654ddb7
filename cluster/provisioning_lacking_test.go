package cluster

import (
	"strings"
	"testing"
	"time"
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
	for _, part := range []string{`service account "own"`, "JobManager lacks", "on configmaps", "namespace team", JobManagerRole} {
		if !strings.Contains(event.Note, part) {
			t.Errorf("there is no %q in %s", part, event.Note)
		}
	}
	if event.Type != "Warning" || event.Reason != "ServiceAccountInsufficient" || event.Regarding.Name != "jm" {
		t.Errorf("got %+v", event)
	}
}

func TestAccountThatIsBoundIsReportedWhereTheShippedRolesAreMissing(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"), account("team", "flink", us), binding(JobManagerRole, "flink"))
	p.clock = time.Now().Add(time.Hour)
	if p.lookLater(t, 0); len(p.events) != 1 || !strings.Contains(p.events[0].Note, "apply the guard's manifests again") {
		t.Errorf("events: %v", p.events)
	}
}
