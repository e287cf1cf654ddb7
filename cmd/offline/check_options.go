package offline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/flink-ha/flink-ha-webhook/check/report"
)

// What --fail-on may be: which findings end the command with ExitRefused.
const (
	failOnEnforce = "enforce"
	failOnWarn    = "warn"
	failOnNever   = "never"
)

// What --color may be. The flag has the spelling of git, grep, ls and golangci-lint.
const (
	colourAuto   = "auto"
	colourAlways = "always"
	colourNever  = "never"
)

// checkOptions is what check is told.
type checkOptions struct {
	sources CheckSources
	// outputs as they were written: FORM or FORM=FILE. None is text or, with --diff, the diff.
	outputs []string
	// colour is one of the constants above, and so is failOn.
	colour, failOn string
	quiet, verbose bool

	policyFile, flinkVersion, namespace string
	// namespaceLabels as they were written: [NAMESPACE:]KEY=VALUE[,KEY=VALUE]...
	namespaceLabels []string
	asUser          string
	asGroups        []string
	operatorConfig  string
	strictInput     bool
	// noRender reads the files of kustomizations and charts as they stand, and helmValues are files with values for charts.
	noRender   bool
	helmValues []string

	cluster bool
	address ClusterAddress

	fix, diff               bool
	baseline, writeBaseline string
}

func newCheckOptions(sources CheckSources) *checkOptions {
	return &checkOptions{sources: sources, colour: colourAuto, failOn: failOnEnforce}
}

func (o *checkOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&o.outputs, "output", "o", o.outputs, "`form` of the output, or form=FILE to write it to a file; may be given several times; default: text, or the diff of --diff:\n"+formList())
	flags.StringVar(&o.colour, "color", o.colour, "`when` text is coloured: auto (on a terminal, unless $NO_COLOR is set), always or never")
	flags.StringVar(&o.failOn, "fail-on", o.failOn, "`what` ends with exit code 1: enforce (what would be refused), warn (also what would be warned about) or never")
	flags.BoolVarP(&o.quiet, "quiet", "q", o.quiet, "say only what would be refused, with --fail-on warn also what would be warned about")
	flags.BoolVarP(&o.verbose, "verbose", "v", o.verbose, "also say what is fine, what is unknown, what is exempt and what was left")
	flags.StringVar(&o.policyFile, "policy", o.policyFile, "`file` with the policy, as the server has it; default: the policy of a new installation"+o.orThatOfTheGuard())
	flags.StringVar(&o.flinkVersion, "flink-version", o.flinkVersion, "`version` of Flink, such as 1.20; default: from the image, the custom resource or the file, else unknown")
	flags.StringVarP(&o.namespace, "namespace", "n", o.namespace, "`namespace` of the objects that name none; default: unknown"+o.orThatOfTheContext())
	flags.StringArrayVar(&o.namespaceLabels, "namespace-labels", o.namespaceLabels, "`labels` KEY=VALUE[,KEY=VALUE]... of the namespaces that are not in the input, or NAMESPACE:KEY=VALUE[,...] of one of them; may be given several times")
	flags.StringVar(&o.asUser, "as-user", o.asUser, "`name` of the user who would create the objects, for the exemptions of the policy")
	flags.StringArrayVar(&o.asGroups, "as-group", o.asGroups, "`group` of that user; may be given several times")
	flags.StringVar(&o.operatorConfig, "operator-config", o.operatorConfig, "`file` with the default configuration of the Flink Kubernetes Operator: its ConfigMap, flink-conf.yaml or config.yaml; default: from the input")
	flags.BoolVar(&o.strictInput, "strict-input", o.strictInput, "make errors of templates and other files that are no YAML, instead of leaving them")
	o.addRenderFlags(flags)
	flags.BoolVar(&o.fix, "fix", o.fix, "write into the files what mends them without a decision, then check them again")
	flags.BoolVar(&o.diff, "diff", o.diff, "print what --fix would write as a unified diff, in place of the text")
	flags.StringVar(&o.baseline, "baseline", o.baseline, "`file` with findings that are not held against anybody, as --write-baseline records them")
	flags.StringVar(&o.writeBaseline, "write-baseline", o.writeBaseline, "`file` to record all findings in, for --baseline")
	o.addClusterFlags(flags)
}

// formList is a line for each form of output.
func formList() string {
	var b strings.Builder
	for _, format := range report.Formats() {
		fmt.Fprintf(&b, "%-7s %s\n", format.Name, format.Summary)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (o *checkOptions) orThatOfTheContext() string {
	if o.sources.Cluster == nil {
		return ""
	}
	return ", with --cluster that of the context"
}

func (o *checkOptions) orThatOfTheGuard() string {
	if o.sources.Cluster == nil {
		return ""
	}
	return ", with --cluster that of the guard there"
}

// addClusterFlags adds --cluster in any case: where it does not work it says who has it, which an unknown flag could not.
func (o *checkOptions) addClusterFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.cluster, "cluster", o.cluster, "take from the cluster what the files do not say, without changing anything; without files, judge all that is there")
	if o.sources.Cluster == nil {
		_ = flags.MarkHidden("cluster")
		return
	}
	flags.StringVar(&o.address.Kubeconfig, "kubeconfig", o.address.Kubeconfig, "`file` that says where the cluster of --cluster is; default: as for kubectl")
	flags.StringVar(&o.address.Context, "context", o.address.Context, "`name` of the context in it; default: the current one")
}

// validate finds what is wrong with the flags and arguments as such, before anything is read.
func (o *checkOptions) validate(arguments []string) error {
	switch {
	case o.cluster && o.sources.Cluster == nil:
		return errors.New("--cluster: this program talks to no cluster; use flink-ha-webhook check --cluster")
	case !o.cluster && (o.address != ClusterAddress{}):
		return errors.New("--kubeconfig and --context say which cluster --cluster means, and there is no --cluster")
	case len(arguments) == 0 && !o.cluster:
		return errors.New("there is nothing to check: name files or folders, or - for standard input")
	case !slices.Contains([]string{failOnEnforce, failOnWarn, failOnNever}, o.failOn):
		return fmt.Errorf("--fail-on is %q, needs enforce, warn or never", o.failOn)
	case !slices.Contains([]string{colourAuto, colourAlways, colourNever}, o.colour):
		return fmt.Errorf("--color is %q, needs auto, always or never", o.colour)
	case o.asUser == "" && len(o.asGroups) > 0:
		return errors.New("--as-group needs --as-user: groups are those of a user")
	}
	return o.validateTogether(arguments)
}

// validateTogether finds flags that contradict each other.
func (o *checkOptions) validateTogether(arguments []string) error {
	for _, pair := range []struct {
		first, second bool
		names, why    string
	}{
		{o.quiet, o.verbose, "--quiet and --verbose", "one says less, the other more"},
		{o.fix, o.diff, "--fix and --diff", "--diff only prints what --fix would write"},
		{o.baseline != "", o.writeBaseline != "", "--baseline and --write-baseline", "a baseline is recorded of all findings; to record it anew leave --baseline out"},
		{o.fix, o.writeBaseline != "", "--fix and --write-baseline", "mend first, then record what is left"},
		{o.noRender, len(o.helmValues) > 0, "--no-render and --helm-values", "values are for charts that are rendered"},
		{o.fix, slices.Contains(arguments, "-"), "--fix and -", "standard input cannot be written back; --diff prints what would change"},
		{o.diff, slices.ContainsFunc(o.outputs, isForStandardOutput), "--diff and an --output without a file", "the diff goes to standard output"},
		{o.fix || o.diff, o.cluster && len(arguments) == 0, "--cluster without files and --fix or --diff", "there is no file to change"},
	} {
		if pair.first && pair.second {
			return fmt.Errorf("%s do not go together: %s", pair.names, pair.why)
		}
	}
	return nil
}
