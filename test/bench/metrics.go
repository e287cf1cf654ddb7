package bench

import (
	"fmt"
	"strings"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Sum adds up the series of a counter, or gauge, that have all of these labels, in Prometheus' text format.
func Sum(text, name string, labels map[string]string) (float64, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return 0, fmt.Errorf("reading metrics: %w", err)
	}
	var total float64
	for _, metric := range families[name].GetMetric() {
		has := map[string]string{}
		for _, pair := range metric.GetLabel() {
			has[pair.GetName()] = pair.GetValue()
		}
		matches := true
		for label, value := range labels {
			matches = matches && has[label] == value
		}
		if matches {
			total += metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
		}
	}
	return total, nil
}
