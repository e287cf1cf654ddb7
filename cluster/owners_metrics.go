package cluster

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// maxManagers bounds how many field managers the metrics name, the first ones that come: writers choose the names.
const maxManagers = 20

// Names for managers that have none of their own in the metrics.
const (
	managerUnknown = "unknown"
	managerOther   = "other"
)

// Why an HA ConfigMap could not be freed.
const (
	failureForbidden = "forbidden"
	failureError     = "error"
)

// ownerMetrics count owner references of HA ConfigMaps that came and went.
type ownerMetrics struct {
	healed, failed, added *prometheus.CounterVec

	mu       sync.Mutex
	managers map[string]bool
}

func newOwnerMetrics(counter func(name, help string, labels ...string) *prometheus.CounterVec) *ownerMetrics {
	m := &ownerMetrics{
		healed: counter("ha_owner_references_healed_total",
			"HA ConfigMaps that were found with owner references and freed of them, by how soon the garbage collector would have deleted them.", "risk"),
		failed:   counter("ha_owner_references_failures_total", "Attempts at that which failed, conflicts with other writers aside.", "reason"),
		added:    counter("ha_owner_references_added_total", "Requests that were to add owner references to HA ConfigMaps, by field manager.", "manager"),
		managers: map[string]bool{},
	}
	for _, risk := range ownerRisks() {
		m.healed.WithLabelValues(string(risk)) // so that an alert sees the first increase
	}
	m.failed.WithLabelValues(failureForbidden)
	m.failed.WithLabelValues(failureError)
	return m
}

func (m *ownerMetrics) all() []*prometheus.CounterVec {
	return []*prometheus.CounterVec{m.healed, m.failed, m.added}
}

// nameOf is how a field manager is called in the metrics.
func (m *ownerMetrics) nameOf(manager string) string {
	if manager == "" {
		return managerUnknown
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.managers[manager] && len(m.managers) >= maxManagers {
		return managerOther
	}
	m.managers[manager] = true
	return manager
}

func (m *Metrics) countHealed(risk ownerRisk) {
	if m != nil {
		m.owners.healed.WithLabelValues(string(risk)).Inc()
	}
}

func (m *Metrics) countUnhealed(forbidden bool) {
	reason := failureError
	if forbidden {
		reason = failureForbidden
	}
	if m != nil {
		m.owners.failed.WithLabelValues(reason).Inc()
	}
}

func (m *Metrics) countOwnersAdded(manager string) {
	if m != nil {
		m.owners.added.WithLabelValues(m.owners.nameOf(manager)).Inc()
	}
}
