package main

import (
	"context"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// howToStart says how a job is started from a checkpoint.
const howToStart = "how: flink run -s PATH …, or in a FlinkDeployment spec.job.initialSavepointPath: PATH with another spec.job.savepointRedeployNonce"

// startFrom says from which checkpoints the jobs can be started whose pointers are not restored.
func (r *restoring) startFrom(ctx context.Context, records []undelete.Record) string {
	var lines []string
	for i := range records {
		state := hastateOf(&records[i])
		if path := hastate.StartFrom(r.checkpointDirectory(ctx, state.Cluster), state.Job, state.Checkpoints); path != "" {
			lines = append(lines, fmt.Sprintf("job %s can be started from its last checkpoint that was kept, if it is still there: %s", state.Job, printable(path)))
		}
	}
	if len(lines) == 0 {
		return "no checkpoint of its jobs is among what was kept"
	}
	return strings.Join(append(lines, howToStart), "\n")
}

// startByHand says where to look for checkpoints of which nothing is known any more.
func (r *restoring) startByHand(ctx context.Context) string {
	return fmt.Sprintf("its jobs can be started from the last checkpoint that is in the storage: the largest n of %s/<job id>/chk-<n> with a file _metadata\n%s",
		printable(r.checkpointDirectory(ctx, r.cluster)), howToStart)
}

// checkpointDirectory is where a cluster's checkpoints lie, or how the option is called that says so.
func (r *restoring) checkpointDirectory(ctx context.Context, clusterID string) string {
	directory, err := checkpointDirectoryOf(ctx, r.client, r.options.namespace, clusterID)
	if err != nil {
		fmt.Fprintf(r.err, "warning: the configuration of the cluster cannot be read: %v\n", err)
	}
	if directory == "" {
		return "<" + flink.KeyCheckpointDir + ">"
	}
	return directory
}

// checkpointDirectoryOf reads the configuration of a cluster; "" if none is found that says it.
func checkpointDirectoryOf(ctx context.Context, c client.Client, namespace, clusterID string) (string, error) {
	loader := cluster.NewLoader()
	load := func(object runtime.Object) error {
		if listed, ok := object.(client.Object); ok {
			_, _, err := loader.Load(listed)
			return err
		}
		return nil
	}
	deployments := &unstructured.UnstructuredList{}
	deployments.SetGroupVersionKind(schema.GroupVersionKind{
		Group: workload.ResourceGroup, Version: workload.ResourceVersion, Kind: string(workload.KindDeployment) + "List",
	})
	for _, list := range []client.ObjectList{&corev1.ConfigMapList{}, &appsv1.DeploymentList{}, &appsv1.StatefulSetList{}, &batchv1.JobList{}, deployments} {
		err := c.List(ctx, list, client.InNamespace(namespace))
		if meta.IsNoMatchError(err) {
			continue // there is no operator
		}
		if err == nil {
			err = meta.EachListItem(list, load)
		}
		if err != nil {
			return "", fmt.Errorf("reading %T: %w", list, err)
		}
	}
	known := loader.Inventory()
	for _, member := range known.WithClusterID(namespace, clusterID) {
		if reading := configurationOf(known, member).Get(flink.KeyCheckpointDir, versionOf(member)); reading.Set && reading.Unknown == "" {
			return flink.RedactURI(reading.Value()), nil
		}
	}
	return "", nil
}

// configurationOf is what a member would run with, as far as is known.
func configurationOf(known *inventory.Inventory, member *inventory.Member) flink.Configuration {
	if member.Resource != nil {
		return member.Resource.Configuration
	}
	return member.Process.Configuration(workload.Surroundings{
		Namespace: member.Namespace,
		ConfigMap: func(name string) (*corev1.ConfigMap, workload.Knowledge) {
			if found, _, ok := known.ConfigMap(member.Namespace, name); ok {
				return found, workload.KnownInPart
			}
			return nil, workload.Unknown
		},
	})
}

func versionOf(member *inventory.Member) flink.Version {
	if member.Resource != nil {
		return member.Resource.Version
	}
	return member.Process.Version
}
