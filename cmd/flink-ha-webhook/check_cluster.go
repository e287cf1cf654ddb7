package main

import (
	"context"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// openCluster finds the cluster that check --cluster is about, and the namespace of its context. The API server is not asked yet, and
// only ever asked to read.
func openCluster(_ context.Context, at offline.ClusterAddress) (offline.Cluster, string, error) {
	to := connection{kubeconfig: at.Kubeconfig, context: at.Context}
	config, err := to.open()
	if err != nil {
		return nil, "", err
	}
	live, err := cluster.NewLive(config)
	if err != nil {
		return nil, "", err
	}
	return live, to.namespace, nil
}
