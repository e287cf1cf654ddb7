package webhook

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// Metrics counts what the handlers do. Its labels have few values: paths, operations, verdicts, rules and status codes, and
// nothing that a client chooses.
type Metrics struct {
	decisions *prometheus.CounterVec
	findings  *prometheus.CounterVec
	edits     *prometheus.CounterVec
	accounts  *prometheus.CounterVec
	owners    *prometheus.CounterVec
	deletions *prometheus.CounterVec
	drops     *prometheus.CounterVec
	refusals  *prometheus.CounterVec
	panics    *prometheus.CounterVec
	inFlight  *prometheus.GaugeVec
	duration  *prometheus.HistogramVec
}

// NewMetrics registers the metrics.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "flink_ha_webhook", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		decisions: counter("decisions_total", "Reviews by what came of them.", "path", "operation", "verdict"),
		findings:  counter("findings_total", "Findings of the rules by what the policy made of them.", "rule", "action"),
		edits:     counter("edits_total", "Edits that were planned for objects.", "path"),
		accounts:  counter("service_accounts_total", "Objects with Flink processes by what became of their service account. Dry runs do not count.", "outcome"),
		owners:    counter("ha_owner_references_total", "Writes that put owner references on HA ConfigMaps by what became of those. Dry runs do not count.", "outcome"),
		deletions: counter("ha_deletions_total", "Deletions of HA ConfigMaps by who deletes and what came of it. Dry runs do not count.", "deleter", "outcome"),
		drops:     counter("patches_dropped_total", "Patches that did not apply to their object and were left out. More than zero is a bug.", "path"),
		refusals:  counter("bad_requests_total", "Requests that were no review, by HTTP status code.", "path", "code"),
		panics:    counter("panics_total", "Reviews that panicked. More than zero is a bug.", "path"),
		inFlight: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: "flink_ha_webhook", Name: "requests_in_flight", Help: "Requests being answered.",
		}, []string{"path"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "flink_ha_webhook", Name: "review_duration_seconds", Help: "Time from the arrival of a request to its answer.",
			// A review takes well under a millisecond, and the API server gives up on it after one or two seconds.
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2},
		}, []string{"path"}),
	}
	var failures []error
	for _, collector := range []prometheus.Collector{
		m.decisions, m.findings, m.edits, m.accounts, m.owners, m.deletions, m.drops, m.refusals, m.panics, m.inFlight, m.duration,
	} {
		failures = append(failures, registerer.Register(collector))
	}
	for _, outcome := range admission.AccountOutcomes() {
		m.accounts.WithLabelValues(string(outcome)) // there from the start, so that an alert sees the first increase
	}
	m.prepareHAState()
	return m, errors.Join(failures...)
}

// prepare makes the counters that stand for bugs appear with zero, so that an alert sees their first increase.
func (m *Metrics) prepare(path string) {
	m.panics.WithLabelValues(path)
	m.drops.WithLabelValues(path)
	m.inFlight.WithLabelValues(path)
	m.duration.WithLabelValues(path)
}

// begin notes the arrival of a request and returns what notes its answer.
func (m *Metrics) begin(path string) func() {
	started := time.Now()
	m.inFlight.WithLabelValues(path).Inc()
	return func() {
		m.inFlight.WithLabelValues(path).Dec()
		m.duration.WithLabelValues(path).Observe(time.Since(started).Seconds())
	}
}

func (m *Metrics) decided(path string, operation admissionv1.Operation, decision admission.Decision, verdict admission.Verdict) {
	m.decisions.WithLabelValues(path, operationLabel(operation), string(verdict)).Inc()
	for _, finding := range decision.Findings {
		m.findings.WithLabelValues(finding.Rule, string(finding.Action)).Inc()
	}
	if len(decision.Edits) > 0 {
		m.edits.WithLabelValues(path).Add(float64(len(decision.Edits)))
	}
}

// accounted notes what became of the account of an object that may come to be: no dry run, of which GitOps tools make many.
func (m *Metrics) accounted(account admission.Account) {
	if account.Outcome != "" {
		m.accounts.WithLabelValues(string(account.Outcome)).Inc()
	}
}

func (m *Metrics) refused(path string, code int32) {
	m.refusals.WithLabelValues(path, strconv.Itoa(int(code))).Inc()
}

func (m *Metrics) panicked(path string) { m.panics.WithLabelValues(path).Inc() }

func (m *Metrics) dropped(path string) { m.drops.WithLabelValues(path).Inc() }

// operationLabel keeps whoever can reach the server from making up label values.
func operationLabel(operation admissionv1.Operation) string {
	switch operation {
	case admissionv1.Create, admissionv1.Update, admissionv1.Delete, admissionv1.Connect:
		return string(operation)
	}
	return "other"
}
