package admission

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// memory answers about ConfigMaps as a predecessor found them: those that are there, and those that were until lately. It waits
// for nothing, since what a predecessor read was there before it.
type memory struct {
	validation.Surroundings

	inventory *inventory.Inventory
	now       time.Time
}

// ConfigMap is one that is there or, if it is gone, the last one of its name.
func (m memory) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	if configMap, changed, ok := m.inventory.ConfigMap(namespace, name); ok {
		return configMap, changed, true
	}
	asked := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	for _, gone := range m.inventory.PreviousConfigMaps(asked, m.now) {
		if gone.Name == name {
			return gone, time.Time{}, true
		}
	}
	return nil, time.Time{}, false
}
