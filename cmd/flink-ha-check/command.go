package main

import (
	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

const programName = "flink-ha-check"

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = offline.Unstamped

func newCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   programName,
		Short: "Checks the high availability of Apache Flink on Kubernetes in files",
		Long: `flink-ha-check says of manifests and configuration files what the admission webhook flink-ha-webhook would say of them in a
cluster, with the line to change. It is for pipelines: small, quick, and without a cluster.

Exit codes: 0 all is well; 1 something would be refused; 2 the question could not be answered.`,
		Example: `  # The verdict about all manifests below a folder.
  flink-ha-webhook check deploy/

  # What kustomize renders.
  kubectl kustomize overlays/production | flink-ha-webhook check -

  # What Flink makes of a file.
  flink-ha-webhook config conf/flink-conf.yaml

  # What a finding means.
  flink-ha-webhook rules storage-dir-missing`,
	}
	command.AddCommand(
		offline.NewCheckCommand(offline.CheckSources{Version: offline.OwnVersion(version)}), offline.NewConfigCommand(),
		offline.NewRulesCommand(), offline.NewVersionCommand(programName, version),
	)
	offline.SpeakAs(command, programName)
	return command
}
