package cluster

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Questions that rules ask, as the metrics name them.
const (
	questionInventory      = "inventory"
	questionConfigMap      = "configmap"
	questionNamespace      = "namespace"
	questionServiceAccount = "serviceaccount"
	questionMember         = "member"
	questionAccess         = "access"
)

// Metrics tell how much the server knows of the cluster, and how often it did not know. It outlives a manager: the latest
// surroundings are what it tells of. nil counts nothing.
type Metrics struct {
	unknown *prometheus.CounterVec
	events  *prometheus.CounterVec
	actions *prometheus.CounterVec
	owners  *ownerMetrics
	deleted *prometheus.CounterVec
	latest  atomic.Pointer[Surroundings]

	synced, stale, members, configMaps, haStates, owned *prometheus.Desc
}

var _ prometheus.Collector = (*Metrics)(nil)

// NewMetrics registers the metrics.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	const namespace = "flink_ha_webhook"
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
	}
	m := &Metrics{
		unknown: counter("unknown_answers_total",
			"Questions about the cluster to which the answer was unknown: the caches had not synced, were stale, or had never seen the object.", "question"),
		events:     counter("events_total", "Events that were written: about what a custom resource owns, and about service accounts.", "reason"),
		actions:    counter("account_actions_total", "What the guard did to service accounts and their role bindings, and what it found wrong with them.", "action"),
		synced:     gauge("caches_synced", "1 once the caches that answers depend on have synced."),
		stale:      gauge("caches_stale", "1 while a watch has failed for so long that answers from its cache count as unknown."),
		members:    gauge("inventory_members", "Workloads and custom resources of Flink that are known.", "kind"),
		configMaps: gauge("inventory_configmaps", "ConfigMaps with Flink configuration that are known."),
		haStates:   gauge("inventory_ha_configmaps", "ConfigMaps with HA state that are known."),
		owned:      gauge("ha_configmaps_owned", "ConfigMaps with HA state that have owner references, also where these may stay."),
		owners:     newOwnerMetrics(counter),
		deleted:    counter("ha_configmaps_deleted_total", "What became of HA ConfigMaps that were deleted with something in them.", "outcome"),
	}
	for _, question := range []string{questionInventory, questionConfigMap, questionNamespace, questionServiceAccount, questionMember, questionAccess} {
		m.unknown.WithLabelValues(question) // so that an alert sees the first increase
	}
	for _, action := range actions() {
		m.actions.WithLabelValues(string(action))
	}
	for _, outcome := range stateOutcomes() {
		m.deleted.WithLabelValues(string(outcome))
	}
	return m, registerer.Register(m)
}

// Describe says which metrics there are.
func (m *Metrics) Describe(descriptions chan<- *prometheus.Desc) {
	m.unknown.Describe(descriptions)
	m.events.Describe(descriptions)
	m.actions.Describe(descriptions)
	m.deleted.Describe(descriptions)
	for _, counter := range m.owners.all() {
		counter.Describe(descriptions)
	}
	for _, description := range []*prometheus.Desc{m.synced, m.stale, m.members, m.configMaps, m.haStates, m.owned} {
		descriptions <- description
	}
}

// Collect tells of the latest surroundings.
func (m *Metrics) Collect(values chan<- prometheus.Metric) {
	m.unknown.Collect(values)
	m.events.Collect(values)
	m.actions.Collect(values)
	m.deleted.Collect(values)
	for _, counter := range m.owners.all() {
		counter.Collect(values)
	}
	s := m.latest.Load()
	if s == nil {
		return
	}
	gauge := func(description *prometheus.Desc, value float64, labels ...string) {
		values <- prometheus.MustNewConstMetric(description, prometheus.GaugeValue, value, labels...)
	}
	gauge(m.synced, number(s.ready()))
	gauge(m.owned, float64(s.owned.count()))
	gauge(m.stale, number(s.options.WatchFailures.stale(watchesInventory)))
	counts := &s.feed.counts
	counts.mu.Lock()
	defer counts.mu.Unlock()
	for kind, members := range counts.members {
		gauge(m.members, float64(members), kind)
	}
	gauge(m.configMaps, float64(counts.configMaps))
	gauge(m.haStates, float64(counts.haStates))
}

func number(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

func (m *Metrics) observe(latest *Surroundings) {
	if m != nil {
		m.latest.Store(latest)
	}
}

func (m *Metrics) countUnknown(question string) {
	if m != nil {
		m.unknown.WithLabelValues(question).Inc()
	}
}

func (m *Metrics) countEvent(reason string) {
	if m != nil {
		m.events.WithLabelValues(reason).Inc()
	}
}

func (m *Metrics) countAccountAction(done action) {
	if m != nil {
		m.actions.WithLabelValues(string(done)).Inc()
	}
}
