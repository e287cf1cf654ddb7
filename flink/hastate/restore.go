package hastate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Restoration is what brings a deleted HA ConfigMap back. One of its fields is set.
type Restoration struct {
	// Create is the ConfigMap to create, where none of the name is there.
	Create *corev1.ConfigMap
	// Add are the data keys to set in the one that is there.
	Add map[string]string
	// Refused says why nothing may be restored: a clause that can follow "refused: ".
	Refused string
	// Nothing tells that there is nothing to restore, or that all of it is there already.
	Nothing bool
}

// PlanRestore plans how the kept state of an HA ConfigMap comes back; live is the ConfigMap of the same name that is there now, nil
// if there is none.
//
// An empty ConfigMap, or one with leader data alone, is in nobody's way: a JobManager that dies of the deletion makes one, and so
// does the next. A pointer in it that was not kept is newer than the deletion, and over that nothing is restored. One of several
// that were kept is not put beside those that are left of an earlier restoration: the job that it points to may have ended since.
func PlanRestore(kept, live *corev1.ConfigMap) Restoration {
	if _, ok := Recognize(kept); !ok {
		return Restoration{Refused: fmt.Sprintf("what was kept of ConfigMap %q is no HA state of Flink", kept.Name)}
	}
	restorable := restorableData(kept.Data)
	if len(restorable) == 0 {
		return Restoration{Nothing: true}
	}
	if live == nil {
		return Restoration{Create: restoredConfigMap(kept, restorable)}
	}
	missing := missingData(restorable, live.Data)
	switch newer := newerPointer(kept.Data, live.Data); {
	case live.DeletionTimestamp != nil:
		return Restoration{Refused: "the ConfigMap that is there is being deleted; try again when it is gone"}
	case len(missing) == 0 && newer == "":
		return Restoration{Nothing: true}
	case live.UID != "" && live.UID == kept.UID:
		return Restoration{Refused: "the ConfigMap that is there is the very one that was kept, and what it no longer has was removed by a write"}
	case newer != "":
		return Restoration{Refused: fmt.Sprintf("the ConfigMap that is there has %s, which is newer than the deletion: the cluster has started afresh", newer)}
	case HasPointers(live.Data) && HasPointers(missing):
		return Restoration{Refused: "the ConfigMap that is there has only some of the pointers that were kept: it was restored before, and what it lacks has ended since"}
	}
	return Restoration{Add: missing}
}

// Restart tells whether a JobManager has to be restarted.
type Restart string

// What may be known of that.
const (
	RestartNone   Restart = "none"
	RestartNeeded Restart = "needed"
	// RestartUnclear: a JobManager that died still holds the lock, or one is on its way up. Within a lease it shows which.
	RestartUnclear Restart = "unclear"
)

// NeedsRestart tells whether a JobManager leads without what was added, and has to be restarted to bring it back: job graphs are
// read before a dispatcher publishes its address, checkpoints when a job is started, and neither is looked at again. leader is the
// state of the ConfigMap with the lock of the cluster's dispatcher, read after the keys were added; the zero value if there is
// none.
func (r Restoration) NeedsRestart(leader State, added, now time.Time) Restart {
	switch {
	case !HasPointers(r.Add), !leader.Lock.HeldAt(now), !leader.Lock.Acquired.Before(added):
		return RestartNone
	case slices.ContainsFunc(leader.Leaders, func(leader Leader) bool { return leader.Component == "dispatcher" }):
		return RestartNeeded
	}
	return RestartUnclear
}

// StartFrom is the directory of a job's last checkpoint, from which the job can be started when its pointers are lost: "" without
// a directory for checkpoints, or without a checkpoint.
func StartFrom(checkpointDir, job string, checkpoints []Checkpoint) string {
	for _, checkpoint := range slices.Backward(checkpoints) {
		if checkpointDir != "" && !checkpoint.Removed {
			return fmt.Sprintf("%s/%s/chk-%d", strings.TrimRight(checkpointDir, "/"), job, checkpoint.ID)
		}
	}
	return ""
}

// restorableData is without what leaders write of themselves, and without pointers to what Flink has begun to remove.
func restorableData(data map[string]string) map[string]string {
	restorable := map[string]string{}
	for key, value := range data {
		if isLeaderKey(key) || isPointerKey(key) && readPointer(value).removed {
			continue
		}
		restorable[key] = value
	}
	return restorable
}

// lapsedLock is a lock that nobody holds, for a backup without one: Flink's client can take over a lock, and cannot put one on a
// ConfigMap that is there (LeaderElector.tryAcquireOrRenew, ConfigMapLock.create of fabric8).
const lapsedLock = `{"holderIdentity":"","leaseDuration":1.0,"acquireTime":"1970-01-01T00:00:00.000000Z","renewTime":"1970-01-01T00:00:00.000000Z","leaderTransitions":0}`

// restoredConfigMap has nothing of the kept one that the API server sets, no owners, and no mark of a tool that would prune it again.
// The lock of its leader stays, although it has lapsed or will: a JobManager takes over a lock that is there, but where there is a
// ConfigMap without one it tries to create both, in vain and for ever (fabric8's LeaderElector).
func restoredConfigMap(kept *corev1.ConfigMap, data map[string]string) *corev1.ConfigMap {
	restored := &corev1.ConfigMap{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: kept.Namespace, Name: kept.Name, Labels: maps.Clone(kept.Labels), Annotations: maps.Clone(kept.Annotations),
		},
		Data: data,
	}
	maps.DeleteFunc(restored.Labels, IsTracking)
	maps.DeleteFunc(restored.Annotations, func(key, value string) bool {
		return key == corev1.LastAppliedConfigAnnotation || IsTracking(key, value)
	})
	if name, _ := parseName(kept.Name); name.Kind != KindJob && restored.Annotations[LeaderAnnotation] == "" {
		metav1.SetMetaDataAnnotation(&restored.ObjectMeta, LeaderAnnotation, lapsedLock)
	}
	return restored
}

// missingData is what is not in the live data; a counter counts as missing where it is behind, as the ids of checkpoints must not
// be given twice.
func missingData(restorable, live map[string]string) map[string]string {
	missing := map[string]string{}
	for key, value := range restorable {
		if there, ok := live[key]; !ok || key == keyCounter && counterOf(there) < counterOf(value) {
			missing[key] = value
		}
	}
	return missing
}

// newerPointer is the first key of a pointer that was not kept, or not with this value; "" if there is none.
func newerPointer(kept, live map[string]string) string {
	for _, key := range slices.Sorted(maps.Keys(live)) {
		if value, ok := kept[key]; isPointerKey(key) && (!ok || value != live[key]) {
			return key
		}
	}
	return ""
}
