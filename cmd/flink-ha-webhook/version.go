package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = unstamped

// unstamped is the version of a build that nobody gave one.
const unstamped = "dev"

type versionInfo struct {
	Version   string `json:"version"`
	GoVersion string `json:"goVersion"`
	Platform  string `json:"platform"`
}

// ownVersion is the stamped version, else that of the module as `go install module@version` builds it.
func ownVersion() string {
	if version != unstamped {
		return version
	}
	if build, ok := debug.ReadBuildInfo(); ok && build.Main.Version != "" && build.Main.Version != "(devel)" {
		return build.Main.Version
	}
	return unstamped
}

func newVersionCommand() *cobra.Command {
	var output string
	command := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Example: `  flink-ha-webhook version
  flink-ha-webhook version -o json`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return printVersion(command.OutOrStdout(), output)
		},
	}
	command.Flags().StringVarP(&output, "output", "o", "text", "form of the output: text or json")
	return command
}

func printVersion(out io.Writer, output string) error {
	info := versionInfo{Version: ownVersion(), GoVersion: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	switch output {
	case "text":
		fmt.Fprintf(out, "%s %s (%s, %s)\n", programName, info.Version, info.GoVersion, info.Platform)
		return nil
	case "json":
		return json.NewEncoder(out).Encode(info)
	}
	return fmt.Errorf("--output is %q, needs text or json", output)
}
