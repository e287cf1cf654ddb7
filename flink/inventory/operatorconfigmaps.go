package inventory

import (
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// OperatorConfigMaps finds the default configuration of the Flink Kubernetes Operator among ConfigMaps, and has an inventory know it. It
// is not safe for concurrent use.
type OperatorConfigMaps struct {
	inventory *Inventory
	// named are those that the policy names, as "namespace/name". If there are none, the name that the operator's chart gives
	// its ConfigMap decides.
	named []string
	found map[string]*corev1.ConfigMap
}

// NewOperatorConfigMaps returns none, for an inventory. named are those that have the configuration, as "namespace/name"; if there are
// none, the name that the operator's chart gives its ConfigMap decides.
func NewOperatorConfigMaps(known *Inventory, named []string) *OperatorConfigMaps {
	return &OperatorConfigMaps{inventory: known, named: named, found: map[string]*corev1.ConfigMap{}}
}

// Replace takes note of a ConfigMap that may be an operator's. Either side is nil where there is none.
func (o *OperatorConfigMaps) Replace(before, after *corev1.ConfigMap, now time.Time) {
	either := after
	if either == nil {
		either = before
	}
	if either == nil || !o.mayBe(either) {
		return
	}
	name := either.Namespace + "/" + either.Name
	if after == nil || after.Data == nil {
		if _, known := o.found[name]; !known {
			return
		}
		delete(o.found, name)
	} else {
		if former, known := o.found[name]; known && maps.Equal(former.Data, after.Data) {
			return
		}
		o.found[name] = after
	}
	o.inventory.SetOperatorDefaults(o.defaults(), now)
}

func (o *OperatorConfigMaps) mayBe(configMap *corev1.ConfigMap) bool {
	if len(o.named) == 0 {
		return configMap.Name == flink.OperatorConfigMap
	}
	return slices.Contains(o.named, configMap.Namespace+"/"+configMap.Name)
}

// Only is the ConfigMap that has the configuration, nil unless there is exactly one: of several operators nobody knows here which looks
// after what.
func (o *OperatorConfigMaps) Only() *corev1.ConfigMap {
	if len(o.found) != 1 {
		return nil
	}
	for _, configMap := range o.found {
		return configMap
	}
	return nil
}

func (o *OperatorConfigMaps) defaults() *workload.OperatorDefaults {
	configMap := o.Only()
	if configMap == nil {
		return nil
	}
	if defaults, ok := workload.LoadOperatorDefaults(configMap); ok {
		return &defaults
	}
	return nil
}
