package cluster

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// slimConfigMap keeps of a ConfigMap what a judgement about a workload that mounts it may need: the data that can be Flink
// configuration, with labels and our annotations. Of HA state, which changes every few seconds, it keeps what the inventory knows of
// it, and of all others the name, so that memory grows with Flink clusters and not with ConfigMaps.
func slimConfigMap(object any) (any, error) {
	full, ok := object.(*corev1.ConfigMap)
	if !ok {
		return object, nil
	}
	if name, state := hastate.Recognize(full); state {
		return keepState(full, name), nil
	}
	declared, _ := policy.DeclaresConfiguration(full.Annotations)
	if slim, ok := inventory.SlimConfigMap(full, declared); ok {
		return slim, nil
	}
	return &corev1.ConfigMap{ObjectMeta: key(&full.ObjectMeta)}, nil
}
