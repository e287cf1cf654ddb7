package cluster

import (
	"testing"
	"time"
)

// fakeWatch is a watch of a kind that has come to a version.
type fakeWatch struct{ kind, version string }

func (f *fakeWatch) TypeDescription() string         { return f.kind }
func (f *fakeWatch) LastSyncResourceVersion() string { return f.version }

func TestWatchesGoStale(t *testing.T) {
	clock := time.Unix(1000, 0)
	const custom = "flink.apache.org/v1beta1, Kind=FlinkDeployment"
	cases := map[string]struct {
		kind string
		// fails is when, in seconds, the watch fails; the version that it has come to is the number of goOn that have passed.
		fails, goOn []int
		asked       int
		want        bool
	}{
		"it never failed":                            {kind: "*v1.ConfigMap", asked: 1000},
		"it has just failed":                         {kind: "*v1.ConfigMap", fails: []int{10}, asked: 60},
		"it has failed for long":                     {kind: "*v1.ConfigMap", fails: []int{10}, asked: 80, want: true},
		"it fails again and again":                   {kind: "*v1.ConfigMap", fails: []int{10, 30, 60}, asked: 80, want: true},
		"it went on":                                 {kind: "*v1.ConfigMap", fails: []int{10}, goOn: []int{20}, asked: 1000},
		"it went on and failed again":                {kind: "*v1.ConfigMap", fails: []int{10, 70}, goOn: []int{20}, asked: 80},
		"a custom resource":                          {kind: custom, fails: []int{10}, asked: 80, want: true},
		"what only answers about RBAC need":          {kind: "*v1.RoleBinding", fails: []int{10}, asked: 80},
		"what only answers about accounts need":      {kind: "*v1.ServiceAccount", fails: []int{10}, asked: 80},
		"what only a controller needs":               {kind: "*v1.ValidatingWebhookConfiguration", fails: []int{10}, asked: 80},
		"metadata, of which a controller needs some": {kind: "*v1.PartialObjectMetadata", fails: []int{10}, asked: 80},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			failures := NewWatchFailures()
			watch := &fakeWatch{kind: tc.kind, version: "0"}
			for second := range tc.asked {
				failures.now = func() time.Time { return clock.Add(time.Duration(second) * time.Second) }
				for i, goesOn := range tc.goOn {
					if goesOn == second {
						watch.version = string(rune('1' + i))
					}
				}
				for _, fails := range tc.fails {
					if fails == second {
						failures.note(watch)
					}
				}
			}
			if got := failures.stale(watchesInventory); got != tc.want {
				t.Errorf("stale: %t, want %t", got, tc.want)
			}
			failures.forget(tc.kind)
			if failures.stale(watchesInventory) {
				t.Error("stale although the watch was given up")
			}
		})
	}
	var none *WatchFailures
	none.forget("x")
	if none.stale(watchesInventory) {
		t.Error("stale although nobody keeps count")
	}
}

func TestWatchesGoStaleForWhatTheyAreFor(t *testing.T) {
	clock := time.Unix(1000, 0)
	for kind, want := range map[string]watchPurpose{
		"*v1.Role": watchesRBAC, "*v1.ClusterRole": watchesRBAC, "*v1.RoleBinding": watchesRBAC, "*v1.ClusterRoleBinding": watchesRBAC,
		"*v1.ServiceAccount": watchesAccounts, "*v1.Job": watchesInventory,
	} {
		failures := NewWatchFailures()
		failures.now = func() time.Time { return clock }
		failures.note(&fakeWatch{kind: kind})
		failures.now = func() time.Time { return clock.Add(staleAfter + time.Second) }
		for _, purpose := range []watchPurpose{watchesInventory, watchesAccounts, watchesRBAC} {
			if got := failures.stale(purpose); got != (purpose == want) {
				t.Errorf("%s fails: stale for purpose %d: %t", kind, purpose, got)
			}
		}
	}
}
