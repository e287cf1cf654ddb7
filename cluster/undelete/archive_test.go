package undelete

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

const job = "000000006e6b13320000000000000000"

func fakeClient(t *testing.T, objects ...client.Object) client.WithWatch {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	name := func(object client.Object) []string { return []string{object.GetName()} }
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).
		WithIndex(&corev1.Secret{}, metav1.ObjectNameField, name).WithIndex(&corev1.ConfigMap{}, metav1.ObjectNameField, name).Build()
}

func archive(t *testing.T, objects ...client.Object) *Archive {
	t.Helper()
	return &Archive{Client: fakeClient(t, objects...), Namespace: "guard"}
}

// haState is an HA ConfigMap of the cluster "demo" with a pointer to a job, as it is when it is deleted.
func haState(uid types.UID) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "team", Name: "demo-cluster-config-map", UID: uid, ResourceVersion: "7",
			Labels:        map[string]string{"app": "demo", "type": "flink-native-kubernetes"},
			Annotations:   map[string]string{"control-plane.alpha.kubernetes.io/leader": `{"holderIdentity":"a","leaseDuration":15.0,"renewTime":"2026-01-01T00:00:00Z"}`},
			ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "flink"}},
		},
		Data: map[string]string{"executionPlan-" + job: strings.Repeat("rO0ABXNyADtvcmcu", 100), "org.apache.flink.k8s.leader.dispatcher": "a,b"},
	}
}

func TestArchiveGivesBackWhatItWasGiven(t *testing.T) {
	a := archive(t)
	deleted := time.Date(2026, 5, 4, 3, 2, 1, 7, time.UTC)
	kept, err := a.Keep(t.Context(), haState("u"), deleted)
	if err != nil {
		t.Fatal(err)
	}
	want := Entry{
		Secret: "flink-ha-kept-u", Namespace: "team", ConfigMap: "demo-cluster-config-map", Cluster: "demo", UID: "u", DeletedAt: deleted, Bytes: kept.Bytes, Pointers: true,
	}
	if diff := cmp.Diff(want, kept); diff != "" || kept.Bytes == 0 || kept.Bytes > 1000 {
		t.Errorf("kept in %d bytes (-want,+got):\n%s", kept.Bytes, diff)
	}
	deletion := Deletion{User: "alice", Deleter: validation.DeleterOther, Live: true, At: deleted.Add(-time.Second)}
	if err := a.NoteDeletion(t.Context(), "u", deletion); err != nil {
		t.Fatal(err)
	}
	if err := a.MarkRestored(t.Context(), "u", deleted.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want.Deletion, want.RestoredAt = deletion, deleted.Add(time.Hour)
	record, err := a.Read(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	content := haState("u")
	content.ManagedFields = nil
	if diff := cmp.Diff(Record{Entry: want, Content: content}, record); diff != "" {
		t.Errorf("read (-want,+got):\n%s", diff)
	}
	// A leader that begins where the former one left off keeps it again.
	if again, err := a.Keep(t.Context(), haState("u"), deleted.Add(time.Minute)); err != nil || again != want {
		t.Errorf("kept again: %v, %v", cmp.Diff(want, again), err)
	}
}

func TestArchiveKnowsWhenANameWasRestoredLast(t *testing.T) {
	a := archive(t)
	at := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	other := haState("other")
	other.Name = "other-cluster-config-map"
	for _, configMap := range []*corev1.ConfigMap{haState("first"), haState("second"), haState("third"), other} {
		if _, err := a.Keep(t.Context(), configMap, at); err != nil {
			t.Fatal(err)
		}
	}
	for uid, hours := range map[types.UID]int{"first": 1, "second": 2, "other": 3} {
		if err := a.MarkRestored(t.Context(), uid, at.Add(time.Duration(hours)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]time.Time{"demo-cluster-config-map": at.Add(2 * time.Hour), "nobody-cluster-config-map": {}} {
		if got, err := a.LastRestored(t.Context(), "team", name); err != nil || !got.Equal(want) {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
}

func TestArchiveKnowsWhatFlinkHadEmptied(t *testing.T) {
	a := archive(t)
	empty := haState("empty")
	empty.Name, empty.Data = "demo-"+job+"-config-map", map[string]string{"counter": "3"}
	for _, configMap := range []*corev1.ConfigMap{haState("full"), empty} {
		if _, err := a.Keep(t.Context(), configMap, time.Now()); err != nil {
			t.Fatal(err)
		}
		for deleter, want := range map[validation.Deleter]bool{validation.DeleterFlink: configMap.UID == "empty", validation.DeleterOther: false} {
			entry, err := a.Entry(t.Context(), configMap.UID)
			entry.Deletion.Deleter = deleter
			if err != nil || entry.Ended() != want {
				t.Errorf("%s, deleted as %s: ended is %t, %v", configMap.UID, deleter, entry.Ended(), err)
			}
		}
	}
}

func TestArchiveKeepsHAStateOnly(t *testing.T) {
	foreign := haState("u")
	foreign.Name = "flink-config-demo"
	if _, err := archive(t).Keep(t.Context(), foreign, time.Now()); err == nil {
		t.Error("kept what is no HA state")
	}
}

func TestOfSeveralReviewsTheLastOneCounts(t *testing.T) {
	a := archive(t)
	at := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	refused := Deletion{User: "alice", Deleter: validation.DeleterOther, At: at}
	carriedOut := Deletion{User: "flink", Deleter: validation.DeleterFlink, At: at.Add(time.Second)}
	if err := a.NoteDeletion(t.Context(), "u", refused); !errors.Is(err, ErrNotKept) {
		t.Errorf("before it is kept: %v", err)
	}
	if _, err := a.Keep(t.Context(), haState("u"), at); err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]Deletion{{refused, carriedOut}, {carriedOut, refused}} {
		for _, deletion := range order {
			if err := a.NoteDeletion(t.Context(), "u", deletion); err != nil {
				t.Fatal(err)
			}
		}
		if entry, err := a.Entry(t.Context(), "u"); err != nil || entry.Deletion != carriedOut {
			t.Errorf("got %+v, %v", entry.Deletion, err)
		}
	}
}

func TestArchiveIsHeldToItsLimits(t *testing.T) {
	a := archive(t, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "guard", Name: "flink-ha-webhook-ca"}})
	now := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	for i := range 5 {
		if _, err := a.Keep(t.Context(), haState(types.UID(fmt.Sprint(i))), now.Add(-time.Duration(i)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := a.Prune(t.Context(), Limits{Age: 4 * time.Hour, Number: 3, Bytes: 1 << 20}, now)
	if err != nil || len(removed) != 2 {
		t.Errorf("removed %d, %v", len(removed), err)
	}
	entries, err := a.Entries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var left []types.UID
	for _, entry := range entries {
		left = append(left, entry.UID)
	}
	if diff := cmp.Diff([]types.UID{"0", "1", "2"}, left); diff != "" {
		t.Errorf("left, the latest first (-want,+got):\n%s", diff)
	}
	var all corev1.SecretList
	if err := a.Client.List(t.Context(), &all); err != nil || len(all.Items) != 4 {
		t.Errorf("%d Secrets are left, %v", len(all.Items), err)
	}
	if _, err := a.Read(t.Context(), removed[0]); !errors.Is(err, ErrNotKept) {
		t.Errorf("reading what was removed: %v", err)
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	large, err := pack(&corev1.ConfigMap{Data: map[string]string{"a": strings.Repeat("x", maxContentBytes)}})
	if err != nil {
		t.Fatal(err)
	}
	for what, packed := range map[string][]byte{"nothing": nil, "no gzip": []byte("x"), "cut": large[:len(large)/2], "more than a ConfigMap holds": large} {
		if _, err := unpack(packed); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	// Somebody has been at the annotations.
	created := metav1.Unix(1000, 0)
	entry := entryOf(&metav1.ObjectMeta{Name: "s", CreationTimestamp: created, Annotations: map[string]string{annotationBytes: "-7", annotationDeletedAt: "yesterday"}})
	if !entry.DeletedAt.Equal(created.Time) || entry.Bytes != 0 || entry.Deletion.Known() {
		t.Errorf("got %+v", entry)
	}
}
