package main

import (
	"github.com/spf13/cobra"
)

func newServeCommand() *cobra.Command {
	options := defaultServeOptions()
	command := &cobra.Command{
		Use:   "serve",
		Short: "Run the admission server and, as the elected leader, its controllers",
		Long: `Run the admission server and, as the elected leader, its controllers.

The API server sends AdmissionReviews of admission.k8s.io/v1 by HTTPS to these paths:

  /validate             judges Flink configuration and workloads
  /mutate               gives Flink workloads a service account
  /mutate-ha-configmaps removes owner references from HA ConfigMaps
  /validate-deletes     warns whoever deletes HA state

In a cluster the server knows the ConfigMaps that workloads mount, makes the service accounts that it gives
to workloads, and keeps its own certificate: a certificate authority in the Secret flink-ha-webhook-ca, whose
certificate it writes into the webhook configurations. With --cert-dir it serves a certificate that somebody
else keeps, such as cert-manager. With --no-cluster it judges every object by itself.

On SIGTERM /readyz fails at once; after --shutdown-delay the server takes no more connections, answers what is
in flight and exits with 0. A second signal ends it at once. Logs go to stderr, one line for each decision about
Flink; they never hold the content of an object.`,
		Example: `  # In a pod, with the service account of the manifests.
  flink-ha-webhook serve

  # With a certificate that cert-manager renews in a mounted Secret.
  flink-ha-webhook serve --cert-dir /etc/flink-ha-webhook/tls

  # Beside a cluster, for trying out: on free ports, which the log names.
  flink-ha-webhook serve --kubeconfig ~/.kube/config --namespace flink-ha-system --bind-address 127.0.0.1:0 \
    --health-bind-address 127.0.0.1:0 --metrics-bind-address 0

  # Without any cluster.
  flink-ha-webhook serve --no-cluster --cert-dir ./tls --log-format text`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			options.complete()
			if err := options.validate(); err != nil {
				return err
			}
			log := newLogger(command.ErrOrStderr(), options.logFormat, options.slogLevel())
			adoptLogger(log)
			return serve(command.Context(), options, log)
		},
	}
	options.addFlags(command.Flags())
	return command
}
