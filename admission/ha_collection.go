package admission

import (
	"fmt"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// judgeCollection is the last line of defence: the garbage collector is not let take HA state for the sake of an owner reference that
// the guard would have removed, had it been there when the reference came. It tries again, and finds the reference gone. What points to
// nothing and is not in use may go. Neither a namespace that is being deleted is held up, nor one of which that is not known.
func (r *Reviewer) judgeCollection(decision *Decision, configMap *corev1.ConfigMap) {
	state := decision.HAState
	// Whether the garbage collector is exempt is not the question, but whether those are who added the reference.
	ruling := r.rule(state.Namespace, authenticationv1.UserInfo{})
	namespace, known := r.options.Surroundings.Namespace(state.Namespace)
	kept, asked := ruling.policy.KeepsOwnerReferences(configMap.Annotations, ruling.now)
	switch {
	case len(state.Owners) == 0, !known, namespace.Deleting, !ruling.edits(), !ruling.policy.HAConfigMaps.StripOwnerReferences, asked && kept.Holds():
		return
	case state.Live || hastate.HasPointers(configMap.Data):
		decision.Exempt = ""
		decision.Refusal = fmt.Sprintf("HA state of Flink cluster %s must outlive %s: the garbage collector may not delete it, and its owner references "+
			"are about to be removed", shownCluster(state), ownersOf(state.Owners))
	}
}
