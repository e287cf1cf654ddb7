package cluster

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// addedOwner is the decision about a request that adds an owner.
func addedOwner(name, username string, outcome admission.OwnersOutcome) *admission.HAState {
	return &admission.HAState{
		Namespace: "team", Name: name, Owners: []metav1.OwnerReference{ownedByDeployment("x", "y")}, Outcome: outcome,
		Writer: admission.Writer{Username: username, Manager: "manager", Groups: []string{"ops", groupEverybody}},
	}
}

func TestWhoAddsOwnersIsToldOnceInAnHour(t *testing.T) {
	const name = "demo-cluster-config-map"
	synced, o := true, everything()
	o.OwnerNotes = NewOwnerNotes()
	now := time.Unix(1_000_000, 0)
	o.OwnerNotes.now = func() time.Time { return now }
	written := map[types.UID][]string{}
	recording := interceptor.NewClient(fakeClient(t), interceptor.Funcs{
		Create: func(_ context.Context, _ client.WithWatch, object client.Object, _ ...client.CreateOption) error {
			event := object.(*eventsv1.Event)
			written[event.Regarding.UID] = append(written[event.Regarding.UID], event.Type+" "+event.Reason+" "+event.Note)
			return nil
		},
	})
	s := surroundings(t, o, &synced, ownedStateOf("team", "demo"))
	r := &ownerReporter{notes: o.OwnerNotes, surroundings: s, events: &eventWriter{client: recording, now: func() time.Time { return now }}}
	add := func(name, username string, outcome admission.OwnersOutcome) {
		t.Helper()
		o.OwnerNotes.Note(addedOwner(name, username, outcome))
		if _, err := r.Reconcile(t.Context(), ownerWriter{types.NamespacedName{Namespace: "team", Name: name}, username}); err != nil {
			t.Fatal(err)
		}
	}
	add("never-cluster-config-map", "bob", admission.OwnersStripped) // it was refused
	o.OwnerNotes.Note(addedOwner(name, "operator", admission.OwnersStripped))
	for range 50 {
		add(name, "operator", admission.OwnersStripped)
		now = now.Add(time.Second)
	}
	for _, uid := range []types.UID{"uid-of-state-demo", "y"} {
		if len(written[uid]) != 1 {
			t.Fatalf("on %s: %q", uid, written[uid])
		}
		for _, part := range []string{"Warning HaOwnerReferencesStripped", `"operator" (field manager "manager"; groups ops)`, `Deployment "x", 2 times since 13:46:40 UTC`, "keep-owner-references"} {
			if !strings.Contains(written[uid][0], part) {
				t.Errorf("%q is not in %q", part, written[uid][0])
			}
		}
	}
	now = now.Add(time.Hour)
	add(name, "operator", admission.OwnersStripped)
	if again := written["y"]; len(again) != 2 || !strings.Contains(again[1], "52 times since 13:46:40 UTC") {
		t.Errorf("an hour later: %q", again)
	}
	add(name, "alice", admission.OwnersKept)
	add(name, "carol", admission.OwnersLeft)
	if others := written["uid-of-state-demo"][2:]; len(others) != 2 || !strings.HasPrefix(others[0], corev1.EventTypeNormal+" HaOwnerReferencesKept") || !strings.HasPrefix(others[1], "Warning HaOwnerReferencesLeft") {
		t.Errorf("of others: %q", others)
	}
}

func TestOwnerNotesAreBounded(t *testing.T) {
	now := time.Unix(1000, 0)
	n := NewOwnerNotes()
	n.now = func() time.Time { return now }
	long := addedOwner("x", strings.Repeat("u", 1000), admission.OwnersStripped)
	long.Owners = nil
	for range 100 {
		long.Owners = append(long.Owners, ownedByDeployment(strings.Repeat("n", 1000), "y"))
	}
	n.Note(long)
	for writer, addition := range n.additions {
		if len(writer.username) > maxTextTold || len(addition.owners) != maxOwnersTold || len(addition.owners[0].Name) > maxTextTold {
			t.Errorf("remembered: %v, %v", writer, addition)
		}
	}
	for i := range 2 * maxOwnerNotes {
		n.Note(addedOwner("x", strconv.Itoa(i), admission.OwnersStripped))
		n.Note(&admission.HAState{Namespace: "team", Name: strconv.Itoa(i), Held: true, Deleter: validation.DeleterGarbageCollector})
	}
	if len(n.additions) != maxOwnerNotes || len(n.refusals) != maxOwnerNotes {
		t.Errorf("%d additions and %d refusals are remembered", len(n.additions), len(n.refusals))
	}
	last := types.NamespacedName{Namespace: "team", Name: strconv.Itoa(2*maxOwnerNotes - 1)}
	if !n.refused(last) {
		t.Error("what was refused a moment ago is forgotten")
	}
	now = now.Add(2 * additionsLast)
	if n.refused(last) {
		t.Error("a refused deletion is urgent for ever")
	}
	n.Note(addedOwner("x", "late", admission.OwnersStripped))
	if len(n.additions) != 1 {
		t.Errorf("%d additions are remembered for ever", len(n.additions))
	}
	n.Note(nil)
	n.Note(&admission.HAState{Name: "x", Held: true}) // somebody else was kept from deleting it
	(*OwnerNotes)(nil).Note(long)
	if (*OwnerNotes)(nil).refused(last) || len(n.additions) != 1 {
		t.Errorf("noted: %v", n.additions)
	}
}

func TestMetricsNameFewManagers(t *testing.T) {
	metrics, registry := newMetrics(t)
	for i := range 2 * maxManagers {
		metrics.countOwnersAdded("manager-" + strconv.Itoa(i))
	}
	metrics.countOwnersAdded("")
	metrics.countOwnersAdded("manager-0")
	got := scraped(t, registry)
	if len(got) != maxManagers+2 || got[`ha_owner_references_added_total{manager="other"}`] != strconv.Itoa(maxManagers) ||
		got[`ha_owner_references_added_total{manager="unknown"}`] != "1" || got[`ha_owner_references_added_total{manager="manager-0"}`] != "2" {
		t.Errorf("got %v", got)
	}
	(*Metrics)(nil).countOwnersAdded("x")
}
