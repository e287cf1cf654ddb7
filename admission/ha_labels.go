package admission

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// stateByLabels is the target of a ConfigMap that its labels and annotations are judged of: HA state, and what the Flink Kubernetes Operator
// would take for it.
func (r *Reviewer) stateByLabels(configMap *corev1.ConfigMap, namespace string, ruling ruling) (*target, bool) {
	_, state := hastate.Recognize(configMap)
	if _, taken := hastate.TakenForState(configMap); !state && !taken {
		return nil, false
	}
	t := &target{meta: &configMap.ObjectMeta, managed: managed(&configMap.ObjectMeta)}
	subject := r.subjectOf(validation.OfHAState, t.meta, namespace, ruling)
	subject.ConfigMap = configMap
	t.alone = []validation.Subject{subject}
	return t, true
}
