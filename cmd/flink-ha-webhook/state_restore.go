package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

const outputYAML = "yaml"

// restoreOptions is what state restore is told.
type restoreOptions struct {
	connection
	// guardNamespace is where the guard keeps what was deleted.
	guardNamespace string
	// uid and configMap choose one of the ConfigMaps that are kept.
	uid, configMap string
	// fromFile is a file with ConfigMaps that takes the place of what is kept.
	fromFile string
	// output is "" to restore, or the form in which to print instead.
	output            string
	list, dryRun, yes bool
	// withoutCheckpoints restores jobs also where their checkpoints are lost.
	withoutCheckpoints bool
}

func newStateRestoreCommand() *cobra.Command {
	options := &restoreOptions{guardNamespace: fallbackNamespace}
	command := &cobra.Command{
		Use:   "restore [CLUSTER]",
		Short: "Bring back HA state that was deleted",
		Long: `restore brings back the HA ConfigMaps of a Flink cluster that were deleted while the guard was running, as they were
last: their pointers to jobs and checkpoints, and not who led. The guard keeps them in Secrets of its own namespace, which
administrators may read. With --from-file it restores HA ConfigMaps from a backup by the same rules, which is all that
who may not read those Secrets can do.

What is there already stays. An HA ConfigMap that is empty, or has a leader and nothing else, gets the pointers; over a job or
a checkpoint that is newer than the deletion nothing is restored, and restore says from which checkpoint to start instead.
Where one ConfigMap of a cluster is refused none is restored; what fails halfway can be run again. What was brought back already,
what Flink itself deleted when a job had ended or its operator in the course of its work, and what was deleted an hour and more
before the last deletion, is passed over unless --uid or --configmap names it.

A job without the ConfigMap with its checkpoints would start from its beginning. restore refuses that, unless told
--without-checkpoints; a job that takes none has no such ConfigMap.

A JobManager reads its jobs when it becomes the leader. Restored before that, they come back by themselves; where one leads
without them already, restore says that it has to be restarted.

It asks before it writes, unless told --yes.

Exit codes: 0 restored, or nothing to do; 1 refused, or not all restored; 2 nothing is kept or it could not be read, or there
is nobody to ask.`,
		Example: `  # What is kept of this namespace, and who deleted it?
  flink-ha-webhook state restore -n streaming --list

  # Bring a cluster's HA state back.
  flink-ha-webhook state restore -n streaming orders

  # Only look at it.
  flink-ha-webhook state restore -n streaming orders -o yaml

  # From a backup.
  flink-ha-webhook state restore -n streaming --from-file backup.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			return options.run(command.Context(), arguments, streams{command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr()})
		},
	}
	flags := command.Flags()
	options.addFlags(flags)
	flags.StringVar(&options.guardNamespace, "guard-namespace", options.guardNamespace, "`namespace` of the guard")
	flags.BoolVar(&options.list, "list", options.list, "list what is kept, and restore nothing")
	flags.StringVar(&options.configMap, "configmap", options.configMap, "restore just the ConfigMap of this `name`")
	flags.StringVar(&options.uid, "uid", options.uid, "restore just the ConfigMap that had this `uid`, which --list shows")
	flags.StringVar(&options.fromFile, "from-file", options.fromFile, "restore the HA ConfigMaps in this `file`; - is standard input")
	flags.StringVarP(&options.output, "output", "o", options.output, "print the ConfigMaps in this `form`, yaml or json, and restore nothing")
	flags.BoolVar(&options.dryRun, "dry-run", options.dryRun, "say what would be done, and restore nothing")
	flags.BoolVar(&options.yes, "yes", options.yes, "do not ask")
	flags.BoolVar(&options.withoutCheckpoints, "without-checkpoints", options.withoutCheckpoints,
		"restore jobs also where their checkpoints are lost: such a job starts from its beginning")
	return command
}

func (o *restoreOptions) validate(arguments []string) error {
	switch {
	case o.output != "" && o.output != outputYAML && o.output != offline.OutputJSON:
		return fmt.Errorf("--output is %q, needs yaml or json", o.output)
	case len(arguments) == 0 && !o.list && o.uid == "" && o.configMap == "" && o.fromFile == "":
		return fmt.Errorf("which cluster? name its kubernetes.cluster-id; --list shows what is kept")
	}
	return nil
}

// restoring is a restoration that is under way.
type restoring struct {
	options *restoreOptions
	// cluster is the kubernetes.cluster-id that was asked for, or "".
	cluster string
	client  client.Client
	archive undelete.Archive
	// now is the time by the API server's clock.
	now func() time.Time
	streams
}

func (o *restoreOptions) run(ctx context.Context, arguments []string, s streams) error {
	if err := o.validate(arguments); err != nil {
		return err
	}
	apiServer, err := o.open()
	if err != nil {
		return err
	}
	listening, now := survey.Clocked(apiServer)
	asking, err := newLiveClient(listening)
	if err != nil {
		return err
	}
	r := &restoring{
		options: o, client: asking, archive: undelete.Archive{Client: asking, Namespace: o.guardNamespace}, now: now, streams: s,
	}
	if len(arguments) > 0 {
		r.cluster = arguments[0]
	}
	if o.list {
		return r.list(ctx)
	}
	records, err := r.choose(ctx)
	switch {
	case err != nil:
		return err
	case o.output != "":
		return r.print(records)
	}
	return r.restore(ctx, records)
}

// newLiveClient makes a client that asks the API server itself.
func newLiveClient(apiServer *rest.Config) (client.Client, error) {
	scheme, err := cluster.Scheme()
	if err != nil {
		return nil, fmt.Errorf("putting the scheme together: %w", err)
	}
	made, err := client.New(apiServer, client.Options{Scheme: scheme})
	if err != nil {
		return nil, fmt.Errorf("setting up a client of the API server: %w", err)
	}
	return made, nil
}

// print writes the ConfigMaps as they would be created.
func (r *restoring) print(records []undelete.Record) error {
	list := &corev1.List{}
	list.APIVersion, list.Kind = "v1", "List"
	for i := range records {
		if created := hastate.PlanRestore(records[i].Content, nil).Create; created != nil {
			list.Items = append(list.Items, rawExtension(created))
		}
	}
	if r.options.output == offline.OutputJSON {
		return offline.WriteJSON(r.out, list)
	}
	text, err := yaml.Marshal(list)
	if err != nil {
		return fmt.Errorf("writing YAML: %w", err)
	}
	return offline.Write(r.out, string(text))
}

// maxInput bounds what is read of a file: a few hundred of the largest ConfigMaps.
const maxInput = 256 << 20

func readAll(in io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err == nil && len(text) > maxInput {
		err = fmt.Errorf("it has more than %d MiB", maxInput>>20)
	}
	return text, err
}
