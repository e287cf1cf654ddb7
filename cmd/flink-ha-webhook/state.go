package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

func newStateCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "state",
		Short: "Look at the HA state in a cluster, tidy it up, bring it back",
		Long: `state shows what Flink keeps in HA ConfigMaps, whose it is and whether anybody still uses it, deletes what nobody
does, and brings back what was deleted.

It asks the API server with your own rights; list and gc need no guard in the cluster. The same program is a plugin of
kubectl where it is found under the name ` + pluginFile + `: kubectl flink-ha state list.`,
		Example: `  # The HA state of all clusters.
  flink-ha-webhook state list -A

  # What gc would delete.
  flink-ha-webhook state gc -A

  # What can be brought back.
  flink-ha-webhook state restore -n streaming --list`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(newStateListCommand(), newStateGCCommand(), newStateRestoreCommand())
	return command
}

// connection says which API server to ask, and about which namespace, as kubectl's flags do.
type connection struct{ kubeconfig, context, namespace string }

func (c *connection) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.kubeconfig, "kubeconfig", c.kubeconfig, "`file` that says where the API server is; default: as for kubectl")
	flags.StringVar(&c.context, "context", c.context, "`name` of the context in it; default: the current one")
	flags.StringVarP(&c.namespace, "namespace", "n", c.namespace, "`namespace` of the HA ConfigMaps; default: that of the context")
}

// open finds the API server, without asking it anything, and sets the namespace if it was not named. Who uses these commands means to
// change HA state by hand, and needs no warning from the guard that it is done.
func (c *connection) open() (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = c.kubeconfig
	chosen := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: c.context})
	config, err := chosen.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("finding the cluster: %w; name one with --kubeconfig and --context", err)
	}
	if c.namespace == "" {
		if c.namespace, _, err = chosen.Namespace(); err != nil {
			return nil, fmt.Errorf("finding the namespace: %w; name one with --namespace", err)
		}
	}
	config.UserAgent = programName + "/" + offline.OwnVersion(version)
	config.QPS, config.Burst = requestRate, requestBurst
	config.WarningHandler = rest.NoWarnings{}
	return config, nil
}
