package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

const programName = "flink-ha-webhook"

// kubectl runs a file of the one name as its own command of the other.
const (
	pluginFile = "kubectl-flink_ha"
	pluginName = "kubectl flink-ha"
)

// run carries out a command line and returns the exit code. Results go to stdout; errors and logs go to stderr.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	command := newCommand()
	if isPlugin(os.Args[0]) {
		speakAsPlugin(command)
	}
	command.SetArgs(arguments)
	command.SetOut(stdout)
	command.SetErr(stderr)
	if err := command.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "error: %v\n", err)
		if refused := (refusal{}); errors.As(err, &refused) {
			return exitRefused
		}
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

  # The HA state in a cluster, and whose it is.
  flink-ha-webhook state list -A

  # What a flag does.
  flink-ha-webhook serve --help`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	command.SetFlagErrorFunc(func(failed *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee %s --help", err, failed.CommandPath())
	})
	command.AddCommand(newServeCommand(), newConfigCommand(), newRulesCommand(), newStateCommand(), newVersionCommand())
	return command
}

// isPlugin tells whether the program was started as a plugin of kubectl.
func isPlugin(path string) bool {
	return strings.TrimSuffix(filepath.Base(path), ".exe") == pluginFile
}

// speakAsPlugin has the help texts name the program as its user did.
func speakAsPlugin(command *cobra.Command) {
	if !command.HasParent() {
		command.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: pluginName}
	}
	command.Example = strings.ReplaceAll(command.Example, programName+" ", pluginName+" ")
	for _, below := range command.Commands() {
		speakAsPlugin(below)
	}
}
