package cluster

// stateOutcome is what became of a deleted HA ConfigMap, as the metrics name it.
type stateOutcome string

const (
	// stateKept: it is in the archive.
	stateKept stateOutcome = "kept"
	// stateLost: it is not, since too much was deleted at once.
	stateLost stateOutcome = "lost"
	// stateRestored: the guard brought it back.
	stateRestored stateOutcome = "restored"
	// stateNotRestored: the guard was to bring it back and could not.
	stateNotRestored stateOutcome = "not-restored"
)

func stateOutcomes() []stateOutcome {
	return []stateOutcome{stateKept, stateLost, stateRestored, stateNotRestored}
}

func (m *Metrics) countDeleted(outcome stateOutcome) {
	if m != nil {
		m.deleted.WithLabelValues(string(outcome)).Inc()
	}
}
