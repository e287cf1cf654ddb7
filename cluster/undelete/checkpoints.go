package undelete

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// JobsWithoutCheckpoints are the jobs in a kept ConfigMap that would start from nothing if it were restored: a leader that finds the graph
// of a job, and not the ConfigMap with its checkpoints, begins with empty state and without an error. Those of the records that are
// restored before it count as there. A job that has not completed a checkpoint yet has a counter; one without checkpointing has nothing,
// and cannot be told from one that has lost it.
func JobsWithoutCheckpoints(ctx context.Context, c client.Reader, kept *corev1.ConfigMap, before []Record) ([]string, error) {
	state, _ := hastate.Read(kept)
	state = state.Remaining()
	var jobs []string
	for _, graph := range state.Graphs {
		if graph.Application() { // from Flink 2.3 on; there is no id of a job
			continue
		}
		name := checkpointsConfigMap(state.Name, graph.Job)
		if slices.ContainsFunc(before, func(record Record) bool { return holdsCheckpoints(record.Content, kept.Namespace, name) }) {
			continue
		}
		live, err := Live(ctx, c, kept.Namespace, name)
		if err != nil {
			return nil, err
		}
		if live == nil || live.DeletionTimestamp != nil || !holdsCheckpoints(live, kept.Namespace, name) {
			jobs = append(jobs, graph.Job)
		}
	}
	return jobs, nil
}

func holdsCheckpoints(configMap *corev1.ConfigMap, namespace, name string) bool {
	return configMap.Namespace == namespace && configMap.Name == name && hastate.WorthKeeping(configMap.Data)
}

// checkpointsConfigMap is the name of the ConfigMap with the checkpoints of a job whose graph is in the ConfigMap of another name.
func checkpointsConfigMap(graphs hastate.Name, job string) string {
	if graphs.Kind == hastate.KindComponent {
		return graphs.Cluster + "-" + job + "-jobmanager-leader"
	}
	return graphs.Cluster + "-" + job + "-config-map"
}
