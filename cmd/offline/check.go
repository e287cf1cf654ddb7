package offline

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/report"
)

// CheckSources is what a program has for check besides files.
type CheckSources struct {
	// Version of the program, for forms of output that name their tool.
	Version string
	// Cluster opens the cluster behind --cluster, without asking it anything yet, and returns the namespace of the objects that name
	// none. It is nil in a program that has no client of a cluster.
	Cluster func(ctx context.Context, at ClusterAddress) (opened Cluster, namespace string, err error)
	// Render makes manifests of a kustomization or a chart. An error that is a *manifest.ProblemError says where. It is called by
	// several goroutines at once, and nil in a program that renders nothing.
	Render func(ctx context.Context, folder Folder) (text string, err error)
}

// Cluster is what check asks a cluster.
type Cluster interface {
	check.Live
	// Policy returns the text of the policy that the guard there has, nil if there is none, and what to call the place where it stands.
	// unread is the API server's reason if it may not be read, which is no error.
	Policy(ctx context.Context) (text []byte, place string, unread, err error)
}

// ClusterAddress says which cluster is meant, as kubectl's flags do; what is empty is as for kubectl.
type ClusterAddress struct {
	// Kubeconfig is the file that says where clusters are, and Context the name of one in it.
	Kubeconfig, Context string
}

// NewCheckCommand makes the command check.
func NewCheckCommand(sources CheckSources) *cobra.Command {
	options := newCheckOptions(sources)
	command := &cobra.Command{
		Use:     "check [FILE|DIR|-]...",
		Short:   "Give the verdict that admission would give, for files",
		Long:    describeCheck(sources.Cluster != nil),
		Example: checkExamples,
		RunE: func(command *cobra.Command, arguments []string) error {
			if err := options.validate(arguments); err != nil {
				return err
			}
			run := checkRun{
				options: options, arguments: arguments, program: command.Root().DisplayName(),
				in: command.InOrStdin(), out: command.OutOrStdout(), errors: command.ErrOrStderr(),
			}
			return run.do(command.Context())
		},
	}
	options.addFlags(command.Flags())
	for flag, values := range map[string][]string{
		"output": formNames(), "fail-on": {failOnEnforce, failOnWarn, failOnNever}, "color": {colourAuto, colourAlways, colourNever},
	} {
		// Only a flag that does not exist, or is completed already, is an error here.
		_ = command.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	return command
}

// formNames are the names of all forms of output, the default first.
func formNames() []string {
	formats := report.Formats()
	names := make([]string, len(formats))
	for i, format := range formats {
		names[i] = format.Name
	}
	return names
}
