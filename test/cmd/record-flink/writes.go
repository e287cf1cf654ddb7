package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// write is a write that the API server was asked to admit.
type write struct {
	Operation string `json:"operation"`
	Verb      string `json:"verb"`
	User      string `json:"user"`
	// Manager is the field manager that the request names, "" for none.
	Manager string `json:"manager,omitempty"`
	// Changes names the labels, annotations and data keys that are added, changed and removed.
	Changes   []string          `json:"changes"`
	Object    *corev1.ConfigMap `json:"object,omitempty"`
	OldObject *corev1.ConfigMap `json:"oldObject,omitempty"`
}

func changes(before, after *corev1.ConfigMap) []string {
	if before == nil {
		before = &corev1.ConfigMap{}
	}
	if after == nil {
		after = &corev1.ConfigMap{}
	}
	changed := []string{}
	for _, part := range []struct {
		name        string
		before, now map[string]string
	}{{"labels", before.Labels, after.Labels}, {"annotations", before.Annotations, after.Annotations}, {"data", before.Data, after.Data}} {
		all := maps.Clone(part.before)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, part.now)
		for _, key := range slices.Sorted(maps.Keys(all)) {
			value, was := part.before[key]
			now, is := part.now[key]
			switch {
			case !was:
				changed = append(changed, "add "+part.name+"."+key)
			case !is:
				changed = append(changed, "remove "+part.name+"."+key)
			case value != now:
				changed = append(changed, "change "+part.name+"."+key)
			}
		}
	}
	return changed
}

// number is what differs between writes of one kind: the ids of jobs and checkpoints.
var number = regexp.MustCompile(`[0-9a-f]{32}|[0-9]{19}`)

// thinned keeps the first two writes of each kind.
func thinned(all []write) []write {
	counts := map[string]int{}
	var kept []write
	for _, write := range all {
		object := write.Object
		if object == nil {
			object = write.OldObject
		}
		kind := number.ReplaceAllString(write.Verb+" "+object.Name+" "+strings.Join(write.Changes, " "), "N")
		if counts[kind]++; counts[kind] <= 2 {
			kept = append(kept, write)
		}
	}
	return kept
}

// statesOf are two states of each ConfigMap: the first that holds least, as it was created, and the last that holds most.
func statesOf(all []write) []*corev1.ConfigMap {
	least, most := map[string]*corev1.ConfigMap{}, map[string]*corev1.ConfigMap{}
	for _, write := range all {
		state := write.Object
		if state == nil {
			continue
		}
		if before := least[state.Name]; before == nil || len(state.Data) < len(before.Data) {
			least[state.Name] = state
		}
		if before := most[state.Name]; before == nil || len(state.Data) >= len(before.Data) {
			most[state.Name] = state
		}
	}
	var states []*corev1.ConfigMap
	for _, name := range slices.Sorted(maps.Keys(most)) {
		states = append(states, least[name], most[name])
	}
	return states
}

// store writes a file of a recording.
func store(file string, recorded any) error {
	text, err := json.MarshalIndent(recorded, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
