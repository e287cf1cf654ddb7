package cluster

import (
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// operatorConfigMaps finds the operator's default configuration among the ConfigMaps. Only the handler of their informer uses
// it, one call after another.
type operatorConfigMaps struct {
	inventory *inventory.Inventory
	// named are those that the policy names, as "namespace/name". If there are none, the name that the operator's chart gives
	// its ConfigMap decides.
	named []string
	found map[string]*corev1.ConfigMap
}

func newOperatorConfigMaps(known *inventory.Inventory, named []string) *operatorConfigMaps {
	return &operatorConfigMaps{inventory: known, named: named, found: map[string]*corev1.ConfigMap{}}
}

// replace takes note of a ConfigMap that may be an operator's.
func (o *operatorConfigMaps) replace(before, after *corev1.ConfigMap, now time.Time) {
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

func (o *operatorConfigMaps) mayBe(configMap *corev1.ConfigMap) bool {
	if len(o.named) == 0 {
		return configMap.Name == flink.OperatorConfigMap
	}
	return slices.Contains(o.named, configMap.Namespace+"/"+configMap.Name)
}

// defaults are nil unless there is exactly one ConfigMap: of several operators nobody knows here which looks after what.
func (o *operatorConfigMaps) defaults() *workload.OperatorDefaults {
	if len(o.found) != 1 {
		return nil
	}
	for _, configMap := range o.found {
		if defaults, ok := workload.LoadOperatorDefaults(configMap); ok {
			return &defaults
		}
	}
	return nil
}
