package offline

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/docs/rulepage"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

const outputMarkdown = "markdown"

// NewRulesCommand makes the command rules.
func NewRulesCommand() *cobra.Command {
	output := OutputText
	command := &cobra.Command{
		Use:   "rules [ID]",
		Short: "Explain the rules",
		Long: `rules lists the rules that Flink configuration is judged by, or explains one of them: what is wrong, what
happens to a cluster that has it, what to do, an example with what the guard says of it, and how to exempt one
object.

The level says what a mistake does: baseline is refused, strict is warned about, unless a namespace or the policy
says otherwise.`,
		Example: `  # All rules.
  flink-ha-webhook rules

  # What a denial meant.
  flink-ha-webhook rules storage-dir-missing

  # The ids of what is refused.
  flink-ha-webhook rules -o json | jq -r '.rules[] | select(.level == "baseline").id'`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, arguments []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(arguments) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(command *cobra.Command, arguments []string) error {
			if output != OutputText && output != outputMarkdown && output != OutputJSON {
				return fmt.Errorf("--output is %q, needs text, markdown or json", output)
			}
			if len(arguments) == 0 {
				return printRules(command.OutOrStdout(), output)
			}
			return printRule(command.OutOrStdout(), output, arguments[0], command.Root().DisplayName())
		},
	}
	command.Flags().StringVarP(&output, "output", "o", output, "`form` of the output: text, markdown or json")
	return command
}

func ruleIDs() []string {
	rules := validation.Rules()
	ids := make([]string, len(rules))
	for i, rule := range rules {
		ids[i] = rule.ID
	}
	return ids
}

// ReportAPIVersion is the version of the form that reports have as JSON.
const ReportAPIVersion = "flink-ha.dev/v1alpha1"

// Catalogue is all rules as JSON.
type Catalogue struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// RuleSet is the version of the rule set that these rules make up.
	RuleSet string           `json:"ruleSet"`
	Rules   []rulepage.Sheet `json:"rules"`
}

func printRules(out io.Writer, output string) error {
	rules := validation.Rules()
	switch output {
	case OutputJSON:
		all := Catalogue{APIVersion: ReportAPIVersion, Kind: "RuleCatalogue", RuleSet: policy.CurrentRuleSet}
		for _, rule := range rules {
			all.Rules = append(all.Rules, rulepage.Of(rule))
		}
		return WriteJSON(out, all)
	case outputMarkdown:
		return Write(out, rulepage.Index(rules, validation.DocsURL))
	}
	return Write(out, rulepage.Table(rules))
}

func printRule(out io.Writer, output, id, program string) error {
	for _, rule := range validation.Rules() {
		if rule.ID != id {
			continue
		}
		sheet, err := rulepage.Explain(rule)
		if err != nil {
			return err
		}
		switch output {
		case OutputJSON:
			return WriteJSON(out, sheet)
		case outputMarkdown:
			return Write(out, sheet.Markdown())
		}
		return Write(out, sheet.Text())
	}
	return fmt.Errorf("there is no rule %q%s\nsee %s rules", id, policy.DidYouMean(id, ruleIDs()), program)
}
