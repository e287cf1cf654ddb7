package offline

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Forms of output that several commands have.
const (
	OutputText = "text"
	OutputJSON = "json"
)

// configOptions is what config is told.
type configOptions struct {
	// output is OutputText or OutputJSON.
	output string
	// flinkVersion as it was written, "" if it was not named.
	flinkVersion string
	// showSecrets writes the values of sensitive keys.
	showSecrets bool
}

// NewConfigCommand makes the command config.
func NewConfigCommand() *cobra.Command {
	options := &configOptions{output: OutputText}
	command := &cobra.Command{
		Use:   "config [FILE|DIR|-]...",
		Short: "Print the configuration that Flink would load",
		Long: `config prints the configuration that Flink would load, key by key, with the line and column that each value
comes from, what Flink ignores and why, and what cannot be known from the files at hand.

It reads flink-conf.yaml and config.yaml, and manifests: ConfigMaps with Flink configuration, the workloads
that run Flink with the ConfigMaps of the same input, and the custom resources of the Flink Kubernetes Operator.
Folders are searched for .yaml, .yml and .json. A file of another name is taken for what its content looks like.

A file that Flink would refuse is an answer: exit code 0, with the reason and the place. Exit code 2 says that
some input could not be read; the rest is printed all the same.`,
		Example: `  # What does Flink make of this file?
  flink-ha-webhook config conf/flink-conf.yaml

  # A folder of manifests, as Flink 1.20 reads it.
  flink-ha-webhook config --flink-version 1.20 deploy/

  # What is rendered, and what a cluster has.
  kubectl kustomize overlays/production | flink-ha-webhook config -
  kubectl get configmaps,deployments -o json | flink-ha-webhook config -o json -`,
		Args: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				return errors.New("there is nothing to read: name files or folders, or - for standard input")
			}
			return nil
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			return options.run(arguments, command.InOrStdin(), command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVarP(&options.output, "output", "o", options.output, "`form` of the output: text or json (JSON Lines, one object for each configuration)")
	flags.StringVar(&options.flinkVersion, "flink-version", options.flinkVersion, "`version` of Flink that reads the files, such as 1.20; default: from the image or the custom resource, else unknown")
	flags.BoolVar(&options.showSecrets, "show-secrets", options.showSecrets, "in text, print the values of keys that look like those of passwords, keys and tokens; JSON always has them")
	return command
}

func (o *configOptions) run(arguments []string, in io.Reader, out io.Writer) error {
	if o.output != OutputText && o.output != OutputJSON {
		return fmt.Errorf("--output is %q, needs text or json", o.output)
	}
	var version flink.Version
	if o.flinkVersion != "" {
		var err error
		if version, err = flink.ParseVersion(o.flinkVersion); err != nil {
			return fmt.Errorf("--flink-version: %w", err)
		}
	}
	input := manifest.Read(arguments, in)
	readings, problems := configuration.Configurations(input, version)
	if err := o.print(out, readings, len(problems) > 0); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	if len(problems) > 0 {
		return &unreadError{problems}
	}
	return nil
}

// unreadError is about all input that could not be read. Each place gets a line of its own, as if it were the only one.
type unreadError struct{ problems []error }

func (e *unreadError) Error() string {
	texts := make([]string, len(e.problems))
	for i, problem := range e.problems {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "\nerror: ")
}

func (e *unreadError) Unwrap() []error { return e.problems }

func (o *configOptions) print(out io.Writer, readings []configuration.Reading, unread bool) error {
	if o.output == OutputJSON {
		return configuration.WriteJSON(out, readings)
	}
	if len(readings) == 0 && !unread {
		_, err := fmt.Fprintln(out, "there is no Flink configuration in what was given")
		return err
	}
	return configuration.WriteText(out, readings, configuration.TextOptions{Colour: TakesColour(out), ShowSecrets: o.showSecrets})
}
