package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

const outputWide = "wide"

// listOptions is what state list is told.
type listOptions struct {
	surveyOptions
	// output is offline.OutputText, outputWide or offline.OutputJSON.
	output string
	// orphaned leaves out what anybody uses, or may use.
	orphaned bool
}

func newStateListCommand() *cobra.Command {
	options := &listOptions{output: offline.OutputText}
	command := &cobra.Command{
		Use:   "list",
		Short: "List the HA state of Flink clusters",
		Long: `list shows the Flink clusters that have HA ConfigMaps: whose the state is and whether anybody uses it, its jobs with
their last checkpoints, how long ago the leader renewed its lock, what owns the ConfigMaps and where the data is.

USE is
  live      a JobManager's workload or a custom resource of the cluster is there, also one that is suspended
  led       a leader renews its lock, and nothing that it belongs to was seen
  orphaned  nobody leads, and nothing of the cluster is there
  unknown   what was seen does not tell: something could not be read, or something there may be the cluster's

Whether state is orphaned takes a look at the workloads of all namespaces, since a JobManager keeps its state where its
configuration says. list needs the right to list configmaps, pods, deployments, statefulsets, daemonsets, replicasets, jobs
and cronjobs and, where the cluster has them, flinkdeployments, flinkbluegreendeployments and flinkclusters. What your rights
do not cover is named on stderr, and clusters that nobody was seen to use are unknown then; --ignore-other-namespaces asks for
no more than the one namespace.

list knows nothing of other kinds that make workloads only when they run, such as a workflow engine's, nor of what is kept
outside the cluster, such as a chart that is to be installed again. A FlinkCluster, which Spotify's and Google's operators make
clusters of, leaves the state in its namespace unknown.

Exit codes: 0 there is an answer, also an incomplete one; 2 the HA ConfigMaps could not be read.`,
		Example: `  # Whose state is in this namespace?
  flink-ha-webhook state list -n streaming

  # What nobody uses, in all of them.
  flink-ha-webhook state list -A --orphaned

  # A row for each job, with leader and reasons.
  flink-ha-webhook state list -A -o wide

  # Clusters whose HA ConfigMaps have owners, with which they would be deleted.
  flink-ha-webhook state list -A -o json | jq -r '.items[] | select(any(.configMaps[]; .ownerReferences)) | "\(.namespace)/\(.clusterId)"'`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return options.run(command.Context(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	options.addFlags(flags)
	flags.StringVarP(&options.output, "output", "o", options.output, "`form` of the output: text, wide or json")
	flags.BoolVar(&options.orphaned, "orphaned", options.orphaned, "only what nobody uses")
	return command
}

func (o *listOptions) run(ctx context.Context, stdout, stderr io.Writer) error {
	if o.output != offline.OutputText && o.output != outputWide && o.output != offline.OutputJSON {
		return fmt.Errorf("--output is %q, needs text, wide or json", o.output)
	}
	surveyor, asked, err := o.surveyor(stderr)
	if err != nil {
		return err
	}
	found, err := look(ctx, surveyor, asked, stderr)
	if err != nil {
		return err
	}
	clusters := found.Clusters
	if o.orphaned {
		clusters = slices.DeleteFunc(clusters, func(c survey.Cluster) bool { return c.Use != survey.Orphaned })
	}
	if o.output == offline.OutputJSON {
		return writeStateList(stdout, found, clusters)
	}
	if len(clusters) == 0 {
		fmt.Fprintln(stderr, "no HA state was found")
		return nil
	}
	return offline.Write(stdout, stateTable(clusters, found.Taken, o.allNamespaces, o.output == outputWide))
}

// stateList is the JSON of state list.
type stateList struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Taken is when the cluster was read.
	Taken time.Time        `json:"taken"`
	Items []survey.Cluster `json:"items"`
	// Unread is what could not be read.
	Unread []survey.Unread `json:"unread"`
}

func writeStateList(out io.Writer, found *survey.Survey, clusters []survey.Cluster) error {
	return offline.WriteJSON(out, stateList{
		APIVersion: offline.ReportAPIVersion, Kind: "HAStateList", Taken: found.Taken,
		Items: append([]survey.Cluster{}, clusters...), Unread: append([]survey.Unread{}, found.Unread...),
	})
}
