package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
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
	return offline.Execute(ctx, command, arguments, stdout, stderr)
}

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = offline.Unstamped

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

  # The verdict of admission about manifests, for a pipeline.
  flink-ha-webhook check deploy/

  # What Flink makes of the files in a folder.
  flink-ha-webhook config deploy/

  # What a denial meant.
  flink-ha-webhook rules storage-dir-missing

  # The HA state in a cluster, and whose it is.
  flink-ha-webhook state list -A

  # What a flag does.
  flink-ha-webhook serve --help`,
	}
	command.AddCommand(
		newServeCommand(), newCheckCommand(), offline.NewConfigCommand(), offline.NewRulesCommand(), newStateCommand(),
		offline.NewVersionCommand(programName, version),
	)
	return command
}

// newCheckCommand makes the command check of a program that can ask a cluster too.
func newCheckCommand() *cobra.Command {
	return offline.NewCheckCommand(offline.CheckSources{Version: offline.OwnVersion(version), Cluster: openCluster, Render: newRenderer()})
}

// isPlugin tells whether the program was started as a plugin of kubectl.
func isPlugin(path string) bool {
	return strings.TrimSuffix(filepath.Base(path), ".exe") == pluginFile
}

// speakAsPlugin has the help texts name the program as its user did.
func speakAsPlugin(root *cobra.Command) {
	root.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: pluginName}
	offline.SpeakAs(root, pluginName)
}
