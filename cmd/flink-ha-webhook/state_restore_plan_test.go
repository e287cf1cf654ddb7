package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

const (
	restoredJob = "000000006e6b13320000000000000000"
	jobsMap     = "demo-cluster-config-map"
	pointersMap = "demo-" + restoredJob + "-config-map"
)

// deletedState is an HA ConfigMap of the cluster "demo".
func deletedState(uid types.UID, name string, data map[string]string) *corev1.ConfigMap {
	labels := map[string]string{"type": "flink-native-kubernetes"}
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: name, UID: uid, Labels: labels}, Data: data}
}

func deletedJobs(uid types.UID) *corev1.ConfigMap {
	return deletedState(uid, jobsMap, map[string]string{"executionPlan-" + restoredJob: "pointer"})
}

func deletedPointers(uid types.UID) *corev1.ConfigMap {
	return deletedState(uid, pointersMap, map[string]string{"counter": "8", "checkpointID-0000000000000000007": "pointer"})
}

// restoringOf is "state restore demo --yes" in front of an API server, and what it says.
func restoringOf(t *testing.T) (*restoring, *bytes.Buffer) {
	t.Helper()
	scheme, err := cluster.Scheme()
	if err != nil {
		t.Fatal(err)
	}
	name := func(object client.Object) []string { return []string{object.GetName()} }
	api := fake.NewClientBuilder().WithScheme(scheme).
		WithIndex(&corev1.Secret{}, metav1.ObjectNameField, name).WithIndex(&corev1.ConfigMap{}, metav1.ObjectNameField, name).Build()
	said := &bytes.Buffer{}
	options := &restoreOptions{yes: true}
	options.namespace = "team"
	return &restoring{
		options: options, cluster: "demo", client: api, archive: undelete.Archive{Client: api, Namespace: "guard"}, now: time.Now,
		streams: streams{out: said, err: said},
	}, said
}

func (r *restoring) kept(t *testing.T, configMap *corev1.ConfigMap, deleter validation.Deleter, hoursAgo int) {
	t.Helper()
	if _, err := r.archive.Keep(t.Context(), configMap, r.now().Add(-time.Duration(hoursAgo)*time.Hour)); err != nil {
		t.Fatal(err)
	}
	deletion := undelete.Deletion{User: "somebody", Deleter: deleter, At: r.now()}
	if err := r.archive.NoteDeletion(t.Context(), configMap.UID, deletion); err != nil {
		t.Fatal(err)
	}
}

func (r *restoring) carryOut(t *testing.T) error {
	t.Helper()
	records, err := r.choose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r.restore(t.Context(), records)
}

func (r *restoring) isThere(t *testing.T, name string) bool {
	t.Helper()
	live, err := undelete.Live(t.Context(), r.client, "team", name)
	if err != nil {
		t.Fatal(err)
	}
	return live != nil
}

func TestWhatStateRestoreBringsBack(t *testing.T) {
	const by = validation.DeleterOther
	markRestored := func(t *testing.T, r *restoring, uid types.UID) {
		t.Helper()
		if err := r.archive.MarkRestored(t.Context(), uid, r.now()); err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]struct {
		given func(*testing.T, *restoring)
		// back are the ConfigMaps that are there then; nothing of it if it is refused.
		back    []string
		refused bool
		says    string
	}{
		"both": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedJobs("1"), by, 1)
				r.kept(t, deletedPointers("2"), by, 1)
			},
			back: []string{jobsMap, pointersMap}, says: "Nothing else is to be done",
		},
		"a job without its checkpoints": {
			given: func(t *testing.T, r *restoring) { r.kept(t, deletedJobs("1"), by, 1) }, refused: true, says: "job " + restoredJob + " would start from its beginning",
		},
		"just the ConfigMap with the job": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedJobs("1"), by, 1)
				r.kept(t, deletedPointers("2"), by, 1)
				r.options.configMap = jobsMap
			},
			refused: true, says: "--without-checkpoints",
		},
		"a job that is to start from its beginning": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedJobs("1"), by, 1)
				r.options.withoutCheckpoints = true
			},
			back: []string{jobsMap}, says: "warning: job " + restoredJob + " starts from its beginning",
		},
		"not again": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedJobs("1"), by, 1)
				r.kept(t, deletedPointers("2"), by, 1)
				r.kept(t, deletedState("3", "demo-ffffffff6e6b13320000000000000000-config-map", deletedPointers("").Data), by, 20)
				markRestored(t, r, "3")
			},
			back: []string{jobsMap, pointersMap}, says: "is passed over: it was brought back",
		},
		"not what was deleted long before": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedJobs("1"), by, 20)
				r.kept(t, deletedPointers("2"), by, 1)
			},
			back: []string{pointersMap}, says: "long before the last one",
		},
		"not what the operator cleaned up": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedJobs("1"), validation.DeleterOperator, 1)
				r.kept(t, deletedPointers("2"), by, 1)
			},
			back: []string{pointersMap}, says: "is passed over: the operator deleted it",
		},
		"not an earlier one of the same name": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedPointers("2"), by, 1)
				r.kept(t, deletedPointers("3"), by, 20)
				markRestored(t, r, "2")
			},
			says: "is passed over",
		},
		"again, when it is named": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedPointers("2"), by, 1)
				markRestored(t, r, "2")
				r.options.uid = "2"
			},
			back: []string{pointersMap}, says: "is restored",
		},
		"not what Flink had emptied": {
			given: func(t *testing.T, r *restoring) {
				r.kept(t, deletedState("2", pointersMap, map[string]string{"counter": "8"}), validation.DeleterFlink, 1)
			},
			says: "is passed over: Flink itself deleted it",
		},
		"what an account like Flink's deleted": {
			given: func(t *testing.T, r *restoring) { r.kept(t, deletedPointers("2"), validation.DeleterFlink, 1) },
			back:  []string{pointersMap}, says: "warning: ConfigMap \"" + pointersMap + "\" was deleted by somebody, which may be Flink's account",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r, said := restoringOf(t)
			tc.given(t, r)
			if err := r.carryOut(t); (err != nil) != tc.refused {
				t.Errorf("got %v", err)
			}
			for _, name := range []string{jobsMap, pointersMap} {
				want := strings.Contains(strings.Join(tc.back, " "), name)
				if r.isThere(t, name) != want {
					t.Errorf("%s is there: %t", name, !want)
				}
			}
			if !strings.Contains(said.String(), tc.says) {
				t.Errorf("it says:\n%s\nwant %q", said, tc.says)
			}
		})
	}
}
