package e2e

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// policyHead begins every policy file.
const policyHead = "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\n"

// setPolicy gives the guard another policy until the test ends, and waits until it holds.
func (s *suite) setPolicy(t *testing.T, text string) {
	t.Helper()
	shipped, err := os.ReadFile(s.Guard.PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	s.writePolicy(t, policyHead+text, "taken")
	t.Cleanup(func() { s.writePolicy(t, string(shipped), "taken") })
}

// writePolicy replaces the policy file as a kubelet does, at once and whole, and waits until the guard has looked at it, with a
// result that is "taken" or "refused".
func (s *suite) writePolicy(t *testing.T, text, result string) {
	t.Helper()
	was := s.guardMetric(t, "flink_ha_webhook_policy_loads_total", result)
	fresh := s.Guard.PolicyFile + ".new"
	if err := os.WriteFile(fresh, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(fresh, s.Guard.PolicyFile); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the guard to look at its policy", func() bool {
		return s.guardMetric(t, "flink_ha_webhook_policy_loads_total", result) > was
	})
}

// guardMetric adds up the series of a metric of the guard, those with one value of a label if one is given.
func (s *suite) guardMetric(t *testing.T, name, label string) float64 {
	t.Helper()
	text, err := s.Guard.Metrics(context.WithoutCancel(t.Context())) // also when a test cleans up
	if err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var total float64
	for _, metric := range families[name].GetMetric() {
		counts := label == ""
		for _, pair := range metric.GetLabel() {
			counts = counts || pair.GetValue() == label
		}
		if counts {
			total += metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
		}
	}
	return total
}
