package admission

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// NameOperators names the ConfigMaps with the operator's default configuration as the policy does, as "namespace/name". Objects are
// put afterwards.
func (g *Given) NameOperators(names []string) {
	g.operators = inventory.NewOperatorConfigMaps(g.inventory, names)
}

// SetOperator takes the operator's default configuration from a ConfigMap that is not among the objects: those that have some do not
// count any more. It is false where the ConfigMap holds none.
func (g *Given) SetOperator(configMap *corev1.ConfigMap, at time.Time) bool {
	defaults, ok := workload.LoadOperatorDefaults(configMap)
	if !ok {
		return false
	}
	g.operators = nil
	g.inventory.SetOperatorDefaults(&defaults, at)
	return true
}

// Operator names the ConfigMap among the objects that has the operator's default configuration; false where that is not known.
func (g *Given) Operator() (namespace, name string, ok bool) {
	if g.operators == nil {
		return "", "", false
	}
	configMap := g.operators.Only()
	if configMap == nil {
		return "", "", false
	}
	return configMap.Namespace, configMap.Name, true
}

// replaceOperator takes note of a ConfigMap that may be an operator's. Either side is nil where there is none.
func (g *Given) replaceOperator(before, after *corev1.ConfigMap, at time.Time) {
	if g.operators != nil {
		g.operators.Replace(before, after, at)
	}
}
