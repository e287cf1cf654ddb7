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
	prefixLeader     = "org.apache.flink.k8s.leader."
	prefixCheckpoint = "checkpointID-"
	keyCounter       = "counter"
	keyAddress       = "address"
	keySession       = "sessionId"
)

// graphPrefixes begin the keys of what a new leader brings back: job graphs up to 1.20, execution plans from 2.0 on, applications
// from 2.3 on.
func graphPrefixes() []string { return []string{"jobGraph-", "executionPlan-", "application-"} }

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
			if counter, err := strconv.ParseInt(value, 10, 64); err == nil {
				s.Counter = counter
			}
		case strings.HasPrefix(key, prefixCheckpoint):
			if id, err := strconv.ParseInt(strings.TrimPrefix(key, prefixCheckpoint), 10, 64); err == nil {
				s.Checkpoints = append(s.Checkpoints, Checkpoint{key, id, FileOf(value)})
			}
		default:
			for _, prefix := range graphPrefixes() {
				if job, ok := strings.CutPrefix(key, prefix); ok {
					s.Graphs = append(s.Graphs, Graph{key, job, FileOf(value)})
				}
			}
		}
	}
	slices.SortFunc(s.Checkpoints, func(a, b Checkpoint) int { return cmp.Compare(a.ID, b.ID) })
}

// FileOf is the file that a pointer names: base64 of a serialized org.apache.flink.runtime.state.RetrievableStateHandle. "" where
// it cannot be read, or holds the data itself.
func FileOf(string) string { return "" }

// HasPointers tells whether the data of an HA ConfigMap points to jobs or checkpoints.
func HasPointers(data map[string]string) bool {
	for key := range data {
		if strings.HasPrefix(key, prefixCheckpoint) || slices.ContainsFunc(graphPrefixes(), func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			return true
		}
	}
	return false
}
