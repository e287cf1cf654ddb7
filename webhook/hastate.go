package webhook

import (
	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// What came of the deletion of an HA ConfigMap, as the metrics have it.
const (
	deletionAllowed = "allowed"
	deletionWarned  = "warned"
	deletionRefused = "refused"
)

// prepareHAState makes the counters about HA state appear with zero, so that an alert sees their first increase.
func (m *Metrics) prepareHAState() {
	for _, outcome := range admission.OwnersOutcomes() {
		m.owners.WithLabelValues(string(outcome))
	}
	for _, deleter := range validation.Deleters() {
		for _, outcome := range []string{deletionAllowed, deletionWarned, deletionRefused} {
			m.deletions.WithLabelValues(string(deleter), outcome)
		}
	}
}

// guarded notes what came of a request about HA state that is no dry run.
func (m *Metrics) guarded(state *admission.HAState, verdict admission.Verdict) {
	if state == nil {
		return
	}
	if state.Outcome != "" {
		m.owners.WithLabelValues(string(state.Outcome)).Inc()
	}
	if state.Deleter == "" {
		return
	}
	outcome := deletionAllowed
	switch verdict {
	case admission.VerdictDeny:
		outcome = deletionRefused
	case admission.VerdictWarn:
		outcome = deletionWarned
	case admission.VerdictAllow, admission.VerdictSkip:
	}
	m.deletions.WithLabelValues(string(state.Deleter), outcome).Inc()
}

// Bounds of what a log line says of who wrote and of owners.
const (
	maxLogged      = 5
	maxLoggedBytes = 256
)

// haStateAttributes are what a log line says besides of a request about HA state: who made it and, of its owner references and of a
// deletion, what came of them.
func haStateAttributes(state *admission.HAState) []any {
	if state == nil {
		return nil
	}
	attributes := []any{"user", flink.Clip(state.Writer.Username, maxLoggedBytes), "groups", clipped(state.Writer.Groups)}
	if state.Writer.Manager != "" {
		attributes = append(attributes, "manager", flink.Clip(state.Writer.Manager, maxLoggedBytes))
	}
	if len(state.Owners) > 0 {
		var owners []string
		for _, owner := range state.Owners[:min(len(state.Owners), maxLogged)] {
			owners = append(owners, owner.Kind+"/"+owner.Name)
		}
		attributes = append(attributes, "owners", clipped(owners))
	}
	if state.Outcome != "" {
		attributes = append(attributes, "ownerReferences", state.Outcome)
	}
	if state.Deleter != "" {
		attributes = append(attributes, "deleter", state.Deleter, "live", state.Live)
	}
	return attributes
}

// clipped are the first few of some names.
func clipped(names []string) []string {
	first := make([]string, 0, maxLogged)
	for _, name := range names[:min(len(names), maxLogged)] {
		first = append(first, flink.Clip(name, maxLoggedBytes))
	}
	return first
}
