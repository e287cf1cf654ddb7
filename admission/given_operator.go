package admission

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// givenDefaults is what was said of the operator's default configuration beside the objects.
type givenDefaults struct {
	// named are the ConfigMaps that have it, as "namespace/name"; if there are none, the name that the operator's chart gives its
	// ConfigMap decides.
	named []string
	// fixed is true where the configuration was handed over: no object has it then.
	fixed bool
}

// NameOperators names the ConfigMaps with the operator's default configuration as the policy does, as "namespace/name". Objects are
// put afterwards.
func (g *Given) NameOperators(names []string) { g.given.named = names }

// SetOperator takes the operator's default configuration from a ConfigMap that is not among the objects: those that have some do not
// count any more. It is false where the ConfigMap holds none.
func (g *Given) SetOperator(configMap *corev1.ConfigMap, at time.Time) bool {
	defaults, ok := workload.LoadOperatorDefaults(configMap)
	if !ok {
		return false
	}
	g.given.fixed = true
	g.inventory.SetOperatorDefaults(&defaults, at)
	return true
}

// Operator names the ConfigMap among the objects that has the operator's default configuration; false where that is not known.
func (g *Given) Operator() (namespace, name string, ok bool) {
	if len(g.operators) != 1 {
		return "", "", false
	}
	for at := range g.operators {
		namespace, name = at[0], at[1]
	}
	return namespace, name, true
}

// mayBeOperators tells whether a ConfigMap may have the operator's default configuration.
func (g *Given) mayBeOperators(configMap *corev1.ConfigMap) bool {
	switch {
	case g.given.fixed:
		return false
	case len(g.given.named) > 0:
		return slices.Contains(g.given.named, configMap.Namespace+"/"+configMap.Name)
	}
	return configMap.Name == flink.OperatorConfigMap
}

func (g *Given) putOperator(configMap *corev1.ConfigMap, at time.Time) {
	if g.mayBeOperators(configMap) {
		g.operators[[2]string{configMap.Namespace, configMap.Name}] = configMap
		g.settleOperator(at)
	}
}

func (g *Given) dropOperator(configMap *corev1.ConfigMap, at time.Time) {
	if g.mayBeOperators(configMap) {
		delete(g.operators, [2]string{configMap.Namespace, configMap.Name})
		g.settleOperator(at)
	}
}

// settleOperator takes the operator's default configuration from the one ConfigMap that may have it: of several operators nobody
// knows here which looks after what.
func (g *Given) settleOperator(at time.Time) {
	if len(g.operators) == 1 {
		for _, configMap := range g.operators {
			if defaults, ok := workload.LoadOperatorDefaults(configMap); ok {
				g.inventory.SetOperatorDefaults(&defaults, at)
				return
			}
		}
	}
	g.inventory.SetOperatorDefaults(nil, at)
}
