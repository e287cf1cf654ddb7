package e2e

import (
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// sum adds up all series of a counter in Prometheus' text format.
func sum(t *testing.T, text, name string) float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var total float64
	for _, metric := range families[name].GetMetric() {
		total += metric.GetCounter().GetValue()
	}
	return total
}
