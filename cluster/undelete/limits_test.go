package undelete

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

func TestEvict(t *testing.T) {
	now := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	entry := func(uid types.UID, hours int, change ...func(*Entry)) Entry {
		e := Entry{UID: uid, DeletedAt: now.Add(-time.Duration(hours) * time.Hour), Bytes: 10}
		for _, c := range change {
			c(&e)
		}
		return e
	}
	restored := func(e *Entry) { e.RestoredAt = now }
	finished := func(e *Entry) { e.Deletion.Deleter = validation.DeleterFlink }
	suspicious := func(e *Entry) { e.Deletion.Deleter, e.Pointers = validation.DeleterFlink, true }
	byUser := func(e *Entry) { e.Deletion.Deleter = validation.DeleterOther }
	large := func(e *Entry) { e.Bytes = 100 }
	entries := []Entry{
		entry("old", 100), entry("restored", 1, restored, byUser), entry("finished", 2, finished), entry("unknown", 3, suspicious), entry("user", 4, byUser),
		entry("large", 5, large), entry("finished earlier", 6, finished),
	}
	cases := map[string]struct {
		limits Limits
		want   []types.UID
	}{
		"room for all":            {Limits{200 * time.Hour, 100, 1000}, nil},
		"nothing is kept":         {Limits{0, 100, 1000}, []types.UID{"old", "restored", "finished", "unknown", "user", "large", "finished earlier"}},
		"too old":                 {Limits{100 * time.Hour, 100, 1000}, []types.UID{"old"}},
		"one too many":            {Limits{200 * time.Hour, 6, 1000}, []types.UID{"restored"}},
		"several too many":        {Limits{200 * time.Hour, 3, 1000}, []types.UID{"restored", "finished earlier", "finished", "old"}},
		"too large":               {Limits{200 * time.Hour, 100, 110}, []types.UID{"restored", "finished earlier", "finished", "old", "large"}},
		"room for nothing at all": {Limits{200 * time.Hour, 0, 0}, []types.UID{"restored", "finished earlier", "finished", "old", "large", "user", "unknown"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []types.UID
			for _, evicted := range tc.limits.evict(slices.Clone(entries), now) {
				got = append(got, evicted.UID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("evicted, in order (-want,+got):\n%s", diff)
			}
		})
	}
}

func TestEvictTakesFromWhoHasMost(t *testing.T) {
	now := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	entries := []Entry{{UID: "theirs", Namespace: "theirs", DeletedAt: now.Add(-50 * time.Hour)}}
	for hour, uid := range []types.UID{"d", "c", "b", "a"} {
		entries = append(entries, Entry{UID: uid, Namespace: "ours", DeletedAt: now.Add(-time.Duration(hour) * time.Hour)})
	}
	var got []types.UID
	for _, evicted := range (Limits{Age: 100 * time.Hour, Number: 2, Bytes: 1000}).evict(entries, now) {
		got = append(got, evicted.UID)
	}
	if diff := cmp.Diff([]types.UID{"a", "b", "c"}, got); diff != "" {
		t.Errorf("evicted, in order (-want,+got):\n%s", diff)
	}
}
