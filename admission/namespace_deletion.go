package admission

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// validateNamespaceDeletion tells whoever deletes a namespace which clusters in use lose their HA state with it. It refuses nothing, and
// says nothing of a namespace that is being deleted already.
func (r *Reviewer) validateNamespaceDeletion(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	var namespace corev1.Namespace
	if err := decode(request.OldObject.Raw, "oldObject", &namespace); err != nil {
		return decision, err
	}
	decision.Recognized = true
	ruling := r.ruleUnder(policy.NamespaceMarks(namespace.Labels, namespace.Annotations), request.Name, request.UserInfo)
	decision.Exempt = ruling.exempt
	if ruling.exempt != "" || namespace.DeletionTimestamp != nil || ruling.policy.HAConfigMaps.GuardDeletes == policy.GuardDeletesOff {
		return decision, nil
	}
	around, _ := r.options.Surroundings.Inventory()
	if around == nil {
		return decision, nil
	}
	if live := liveClusters(around, request.Name, ruling); len(live) > 0 {
		decision.note(noteNamespaceDeleted(live))
	}
	return decision, nil
}

// liveCluster is a cluster in use, with how many HA ConfigMaps and jobs it has.
type liveCluster struct {
	id               string
	configMaps, jobs int
}

// liveClusters are the clusters in use that have HA ConfigMaps in a namespace, those with most jobs first.
func liveClusters(around *inventory.Inventory, namespace string, ruling ruling) []liveCluster {
	clusters := map[string]liveCluster{}
	for _, state := range around.HAStatesIn(namespace) {
		cluster := clusters[state.State.Cluster]
		cluster.configMaps++
		if state.State.Kind == hastate.KindJob || state.State.Kind == hastate.KindJobLeader {
			cluster.jobs++
		}
		clusters[state.State.Cluster] = cluster
	}
	var live []liveCluster
	for _, id := range slices.Sorted(maps.Keys(clusters)) {
		if _, inUse := around.InUse(namespace, id, ruling.now); inUse {
			cluster := clusters[id]
			cluster.id = id
			live = append(live, cluster)
		}
	}
	slices.SortStableFunc(live, func(a, b liveCluster) int { return cmp.Compare(b.jobs, a.jobs) })
	return live
}

func noteNamespaceDeleted(live []liveCluster) string {
	named := make([]string, 0, maxNamed)
	for _, cluster := range live[:min(len(live), maxNamed)] {
		named = append(named, fmt.Sprintf("%s (%s, %s)", flink.Quote(cluster.id, maxShownName), flink.Count(cluster.configMaps, "HA ConfigMap"), flink.Count(cluster.jobs, "job")))
	}
	names := strings.Join(named, ", ")
	if more := len(live) - maxNamed; more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("with this namespace goes the HA state of %s in use, and what it points to in storage is orphaned: %s", flink.Count(len(live), "Flink cluster"), names)
}
