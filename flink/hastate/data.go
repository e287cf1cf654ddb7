package hastate

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Beginnings of data keys (org.apache.flink.kubernetes.utils.Constants, KubernetesStateHandleStore).
const (
	prefixLeader      = "org.apache.flink.k8s.leader."
	prefixCheckpoint  = "checkpointID-"
	prefixApplication = "application-"
	prefixRegistry    = "runningJobsRegistry-" // up to 1.14
	keyCounter        = "counter"
	keyAddress        = "address"
	keySession        = "sessionId"
)

// graphPrefixes begin the keys of what a new leader brings back: job graphs up to 1.20, execution plans from 2.0 on, applications
// from 2.3 on.
func graphPrefixes() []string { return []string{"jobGraph-", "executionPlan-", prefixApplication} }

func (s *State) readData(data map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(data)) {
		value := data[key]
		switch {
		case strings.HasPrefix(key, prefixLeader):
			session, address, _ := strings.Cut(value, ",")
			s.Leaders = append(s.Leaders, Leader{strings.TrimPrefix(key, prefixLeader), session, address})
		case key == keyAddress:
			s.Leaders = append(s.Leaders, Leader{s.Component, data[keySession], value})
		case key == keyCounter:
			s.Counter = counterOf(value)
		case strings.HasPrefix(key, prefixCheckpoint):
			if id, err := strconv.ParseInt(strings.TrimPrefix(key, prefixCheckpoint), 10, 64); err == nil {
				pointer := readPointer(value)
				s.Checkpoints = append(s.Checkpoints, Checkpoint{key, id, pointer.file, pointer.removed})
			}
		default:
			for _, prefix := range graphPrefixes() {
				if job, ok := strings.CutPrefix(key, prefix); ok {
					pointer := readPointer(value)
					s.Graphs = append(s.Graphs, Graph{key, job, pointer.file, pointer.removed})
				}
			}
		}
	}
	slices.SortFunc(s.Checkpoints, func(a, b Checkpoint) int { return cmp.Compare(a.ID, b.ID) })
}

// HasPointers tells whether the data of an HA ConfigMap points to jobs or checkpoints.
func HasPointers(data map[string]string) bool {
	for key := range data {
		if isPointerKey(key) {
			return true
		}
	}
	return false
}

func isPointerKey(key string) bool {
	return strings.HasPrefix(key, prefixCheckpoint) || slices.ContainsFunc(graphPrefixes(), func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// isLeaderKey knows the keys under which leaders say where they are.
func isLeaderKey(key string) bool {
	return strings.HasPrefix(key, prefixLeader) || key == keyAddress || key == keySession
}

// counterOf is the number that a counter has, -1 if it is none.
func counterOf(value string) int64 {
	counter, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return -1
	}
	return counter
}
