package offline

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Unstamped is the version of a build that nobody gave one.
const Unstamped = "dev"

// VersionInfo is the version as JSON.
type VersionInfo struct {
	Version   string `json:"version"`
	GoVersion string `json:"goVersion"`
	Platform  string `json:"platform"`
}

// OwnVersion is the version that a build was stamped with, else that of the module as `go install module@version` builds it.
func OwnVersion(stamped string) string {
	if stamped != Unstamped {
		return stamped
	}
	if build, ok := debug.ReadBuildInfo(); ok && build.Main.Version != "" && build.Main.Version != "(devel)" {
		return build.Main.Version
	}
	return Unstamped
}

// NewVersionCommand makes the command version of a program that was stamped with a version.
func NewVersionCommand(program, stamped string) *cobra.Command {
	var output string
	command := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  " + program + " version\n  " + program + " version -o json",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return printVersion(command.OutOrStdout(), output, program, stamped)
		},
	}
	command.Flags().StringVarP(&output, "output", "o", "text", "form of the output: text or json")
	return command
}

func printVersion(out io.Writer, output, program, stamped string) error {
	info := VersionInfo{Version: OwnVersion(stamped), GoVersion: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	switch output {
	case "text":
		fmt.Fprintf(out, "%s %s (%s, %s)\n", program, info.Version, info.GoVersion, info.Platform)
		return nil
	case "json":
		return json.NewEncoder(out).Encode(info)
	}
	return fmt.Errorf("--output is %q, needs text or json", output)
}
