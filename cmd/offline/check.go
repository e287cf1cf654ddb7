package offline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/check/report"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// checkOptions is what check is told.
type checkOptions struct {
	// outputs are forms of output, each with the file that it goes to: "text" or "sarif=report.sarif".
	outputs      []string
	policyFile   string
	flinkVersion string
	namespace    string
	verbose      bool
}

// NewCheckCommand makes the command check.
func NewCheckCommand() *cobra.Command {
	options := &checkOptions{outputs: []string{OutputText}}
	command := &cobra.Command{
		Use:   "check [FILE|DIR|-]...",
		Short: "Give the verdict that admission would give, for files",
		Long:  "check gives the verdict that admission would give, for files.",
		Example: `  # A folder of manifests.
  flink-ha-webhook check deploy/`,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				return errors.New("there is nothing to check: name files or folders, or - for standard input")
			}
			return nil
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			return options.run(command.Context(), arguments, command.InOrStdin(), command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringArrayVarP(&options.outputs, "output", "o", options.outputs, "`form` of the output")
	flags.StringVar(&options.policyFile, "policy", options.policyFile, "`file` with the policy, as the server has it; default: the policy of a new installation")
	flags.StringVar(&options.flinkVersion, "flink-version", options.flinkVersion, "`version` of Flink; default: from the image, the custom resource or the file, else unknown")
	flags.StringVarP(&options.namespace, "namespace", "n", options.namespace, "`namespace` of the objects that name none; default: unknown")
	flags.BoolVarP(&options.verbose, "verbose", "v", options.verbose, "also say what is fine, what is unknown and what was left")
	return command
}

func (o *checkOptions) run(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
	settings, err := o.settings()
	if err != nil {
		return err
	}
	formats := report.Formats()
	at := slices.IndexFunc(formats, func(f report.Format) bool { return f.Name == o.outputs[0] })
	if at < 0 {
		return fmt.Errorf("--output is %q", o.outputs[0])
	}
	found, err := check.Run(ctx, manifest.Find(arguments), in, settings)
	if err != nil {
		return err
	}
	if err := formats[at].Write(out, found, report.Options{Colour: TakesColour(out), Verbose: o.verbose}); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	switch {
	case len(found.Problems) > 0:
		return &unreadError{found.Problems}
	case found.Summary.Deny > 0:
		return Refuse(errors.New(""))
	}
	return nil
}

// settings are the options as the check takes them.
func (o *checkOptions) settings() (check.Options, error) {
	preset := policy.Default()
	settings := check.Options{Policy: &preset, Now: time.Now(), Namespace: o.namespace}
	if o.policyFile != "" {
		text, err := ReadPolicyFile(o.policyFile)
		if err != nil {
			return check.Options{}, err
		}
		loaded, err := policy.Load(text, PolicyRules())
		if err != nil {
			return check.Options{}, fmt.Errorf("reading --policy %s: %w", o.policyFile, err)
		}
		settings.Policy = &loaded
	}
	if o.flinkVersion != "" {
		var err error
		if settings.Version, err = flink.ParseVersion(o.flinkVersion); err != nil {
			return check.Options{}, fmt.Errorf("--flink-version: %w", err)
		}
	}
	return settings, nil
}
