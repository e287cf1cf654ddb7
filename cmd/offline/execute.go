package offline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Execute carries out a command line and returns the exit code. Results go to stdout; errors and logs go to stderr.
func Execute(ctx context.Context, command *cobra.Command, arguments []string, stdout, stderr io.Writer) int {
	command.SilenceErrors, command.SilenceUsage = true, true
	command.SetFlagErrorFunc(func(failed *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee %s --help", err, failed.CommandPath())
	})
	command.SetArgs(arguments)
	command.SetOut(stdout)
	command.SetErr(stderr)
	err := command.ExecuteContext(ctx)
	if err == nil {
		return ExitOK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintf(stderr, "error: %s\n", text)
	}
	if _, refused := errors.AsType[RefusalError](err); refused {
		return ExitRefused
	}
	return ExitUnanswered
}
