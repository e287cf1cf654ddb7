package cluster

import (
	"strings"
	"testing"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/api/validation"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	rules "github.com/flink-ha/flink-ha-webhook/validation"
)

func TestEventIsNamedByWhatItSays(t *testing.T) {
	owner := inventory.Owner{APIVersion: "flink.apache.org/v1beta1", Kind: "FlinkDeployment", Name: "demo", UID: "o"}
	member := &inventory.Member{Key: inventory.Key{Kind: "Deployment", Namespace: "team", Name: "demo"}, UID: "u"}
	finding := rules.Finding{Rule: "storage-dir-missing", Violation: rules.Violation{Setting: "high-availability.storageDir", Needed: "a directory"}}
	event := planEvent(owner, member, finding)
	if event.Namespace != "team" || event.Reason != "StorageDirMissing" || event.Type != "Warning" || event.Note != finding.Message() {
		t.Errorf("got %+v", event)
	}
	if event.Regarding.Kind != "FlinkDeployment" || event.Regarding.Name != "demo" || event.Regarding.UID != "o" || event.Related.Kind != "Deployment" {
		t.Errorf("regarding %+v, related %+v", event.Regarding, event.Related)
	}
	same := *member
	same.Replicas = 7
	if planEvent(owner, &same, finding).Name != event.Name {
		t.Error("what the event does not tell of changes its name")
	}
	for what, other := range map[string]string{
		"another owner":   planEvent(inventory.Owner{Name: "demo", UID: "p"}, member, finding).Name,
		"another object":  planEvent(owner, &inventory.Member{Key: inventory.Key{Kind: "Job", Namespace: "team", Name: "demo"}}, finding).Name,
		"another rule":    planEvent(owner, member, rules.Finding{Rule: "x", Violation: finding.Violation}).Name,
		"another message": planEvent(owner, member, rules.Finding{Rule: finding.Rule}).Name,
	} {
		if other == event.Name {
			t.Errorf("%s has the same event", what)
		}
	}
}

func TestEventKeepsTheAPIServersLimits(t *testing.T) {
	member := &inventory.Member{Key: inventory.Key{Kind: "Deployment", Namespace: "team", Name: "demo"}}
	finding := rules.Finding{Violation: rules.Violation{Needed: strings.Repeat("ä", 1000)}}
	for _, name := range []string{"d", strings.Repeat("x", 253), strings.Repeat("x", 235) + "-." + strings.Repeat("y", 16), strings.Repeat("x", 235) + "." + strings.Repeat("y", 17)} {
		event := planEvent(inventory.Owner{Name: name}, member, finding)
		if problems := validation.NameIsDNSSubdomain(event.Name, false); len(problems) > 0 {
			t.Errorf("name %q: %v", event.Name, problems)
		}
		if len(event.Note) > 1024 || !utf8.ValidString(event.Note) || !strings.HasSuffix(event.Note, "…") {
			t.Errorf("note of %d bytes: %q", len(event.Note), event.Note)
		}
		if event.Reason != "HighAvailability" {
			t.Errorf("reason %q", event.Reason)
		}
	}
}
