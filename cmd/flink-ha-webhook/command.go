package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

const programName = "flink-ha-webhook"

// run carries out a command line and returns the exit code. Results go to stdout; errors and logs go to stderr.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	command := newCommand()
	command.SetArgs(arguments)
	command.SetOut(stdout)
	command.SetErr(stderr)
	if err := command.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "error: %v\n", err)
		return exitUnanswered
	}
	return exitOK
}

func newCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   programName,
		Short: "Keeps Apache Flink on Kubernetes highly available",
		Long: `flink-ha-webhook keeps Apache Flink on Kubernetes highly available.

As an admission webhook it refuses Flink configuration that would lose jobs on the first failover, gives
Flink workloads a service account that may keep HA state, and frees HA ConfigMaps of owner references, so
that deleting a Deployment does not delete the state of its jobs.

Exit codes: 0 all is well; 1 something would be refused, or is wrong; 2 the question could not be answered.`,
		Example: `  # Serve in a cluster, as the manifests do.
  flink-ha-webhook serve

  # What Flink makes of the files in a folder.
  flink-ha-webhook config deploy/

  # What a denial meant.
  flink-ha-webhook rules storage-dir-missing

  # What a flag does.
  flink-ha-webhook serve --help`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	command.SetFlagErrorFunc(func(failed *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee %s --help", err, failed.CommandPath())
	})
	command.AddCommand(newServeCommand(), newConfigCommand(), newRulesCommand(), newVersionCommand())
	return command
}
