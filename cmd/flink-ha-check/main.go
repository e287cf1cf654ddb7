// Command flink-ha-check gives the verdict of flink-ha-webhook about files. It is small, and needs no cluster.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

const programName = "flink-ha-check"

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = offline.Unstamped

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(offline.Execute(ctx, newCommand(), os.Args[1:], os.Stdout, os.Stderr))
}

func newCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   programName,
		Short: "Checks the high availability of Apache Flink on Kubernetes in files",
	}
	command.AddCommand(offline.NewCheckCommand(), offline.NewConfigCommand(), offline.NewRulesCommand(), offline.NewVersionCommand(programName, version))
	return command
}
