package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Values of --cert-provider.
const (
	certProviderSelf  = "self"
	certProviderFiles = "files"
)

// switchedOff is the address that turns the metrics server off.
const switchedOff = "0"

// fallbackNamespace is the guard's namespace as the manifests have it.
const fallbackNamespace = "flink-ha-system"

// namespaceFile is where a pod finds its namespace (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
const namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// serveOptions is what a server is told.
type serveOptions struct {
	// bindAddress of the admission server.
	bindAddress string
	// certDir holds tls.crt and tls.key, if somebody else keeps the certificate.
	certDir string
	// certProvider says where the certificate comes from; "" is decided by complete.
	certProvider string
	// healthBindAddress of /healthz and /readyz.
	healthBindAddress string
	// metricsBindAddress of /metrics, or switchedOff.
	metricsBindAddress string
	// policyFile is read at the start and whenever it changes; "" is the default policy.
	policyFile string
	// kubeconfig to find the API server with; "" looks where kubectl does, then for a pod's service account.
	kubeconfig string
	// noCluster judges every object by itself and talks to no API server.
	noCluster bool
	// namespace of the guard; "" is found out by complete.
	namespace string
	// serviceName under which the API server calls.
	serviceName string
	// webhookConfigurationName of both webhook configurations.
	webhookConfigurationName string
	// leaderElect lets one replica at a time run the controllers.
	leaderElect bool
	// tlsMinVersion is "1.3" or "1.2".
	tlsMinVersion string
	// logFormat is "json" or "text", logLevel the name of the least level that is written.
	logFormat, logLevel string
	// shutdownDelay is how long a server that is no longer ready goes on serving.
	shutdownDelay time.Duration
}

func defaultServeOptions() *serveOptions {
	return &serveOptions{
		bindAddress:              ":9443",
		healthBindAddress:        ":8081",
		metricsBindAddress:       ":8080",
		serviceName:              "flink-ha-webhook",
		webhookConfigurationName: "flink-ha-webhook",
		leaderElect:              true,
		tlsMinVersion:            "1.3",
		logFormat:                "json",
		logLevel:                 "info",
		shutdownDelay:            5 * time.Second,
	}
}

func (o *serveOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.bindAddress, "bind-address", o.bindAddress, "`address` of the admission server, host:port; port 0 takes a free one, which the log names")
	flags.StringVar(&o.certDir, "cert-dir", o.certDir, "`directory` with tls.crt and tls.key to serve; they are taken up when they change")
	flags.StringVar(&o.certProvider, "cert-provider", o.certProvider, "`source` of the certificate: self (an authority in a Secret, shared by the replicas) or files (--cert-dir); default: files with --cert-dir, else self")
	flags.StringVar(&o.policyFile, "policy", o.policyFile, "`file` with the policy, which is taken up when it changes; a change that is not right is reported, and the last good policy stays")
	flags.StringVar(&o.healthBindAddress, "health-bind-address", o.healthBindAddress, "`address` of /healthz and /readyz")
	flags.StringVar(&o.metricsBindAddress, "metrics-bind-address", o.metricsBindAddress, "`address` of /metrics; 0 turns it off")
	flags.StringVar(&o.kubeconfig, "kubeconfig", o.kubeconfig, "`file` that says where the cluster is; default: $KUBECONFIG, ~/.kube/config, the pod's service account")
	flags.BoolVar(&o.noCluster, "no-cluster", o.noCluster, "judge every object by itself and talk to no API server; needs --cert-dir")
	flags.StringVar(&o.namespace, "namespace", o.namespace, "the server's own namespace; default: $POD_NAMESPACE, the pod's service account, "+fallbackNamespace)
	flags.StringVar(&o.serviceName, "service-name", o.serviceName, "`name` of the Service through which the API server calls, for the certificate")
	flags.StringVar(&o.webhookConfigurationName, "webhook-configuration-name", o.webhookConfigurationName, "`name` of the ValidatingWebhookConfiguration and the MutatingWebhookConfiguration, for the CA bundle")
	flags.BoolVar(&o.leaderElect, "leader-elect", o.leaderElect, "let one replica at a time run the controllers; all of them serve reviews")
	flags.StringVar(&o.tlsMinVersion, "tls-min-version", o.tlsMinVersion, "least `version` of TLS that is spoken: 1.3 or 1.2")
	flags.StringVar(&o.logFormat, "log-format", o.logFormat, "`format` of the log: json or text")
	flags.StringVar(&o.logLevel, "log-level", o.logLevel, "least `level` that is logged: debug, info, warn or error; debug has a line for each object that is not Flink's")
	flags.DurationVar(&o.shutdownDelay, "shutdown-delay", o.shutdownDelay, "`time` to go on serving after SIGTERM, until the cluster has noticed that /readyz fails")
}

// complete fills in what the flags leave open, from the environment and the pod.
func (o *serveOptions) complete() {
	if o.certProvider == "" {
		o.certProvider = certProviderSelf
		if o.certDir != "" {
			o.certProvider = certProviderFiles
		}
	}
	if o.namespace == "" {
		o.namespace = ownNamespace(namespaceFile)
	}
}

// ownNamespace asks the downward API first, since the deployment's author set it on purpose.
func ownNamespace(file string) string {
	if namespace := os.Getenv("POD_NAMESPACE"); namespace != "" {
		return namespace
	}
	if text, err := os.ReadFile(file); err == nil && len(strings.TrimSpace(string(text))) > 0 {
		return strings.TrimSpace(string(text))
	}
	return fallbackNamespace
}

// validate names the flag at fault.
func (o *serveOptions) validate() error {
	if err := o.validateAddresses(); err != nil {
		return err
	}
	switch {
	case o.certProvider != certProviderSelf && o.certProvider != certProviderFiles:
		return fmt.Errorf("--cert-provider is %q, needs self or files", o.certProvider)
	case o.noCluster && o.certDir == "":
		return errors.New("--no-cluster needs --cert-dir: a certificate of its own is kept in a Secret, and there is no cluster to hold one")
	case o.certProvider == certProviderFiles && o.certDir == "":
		return errors.New("--cert-provider files needs --cert-dir")
	case o.certProvider == certProviderSelf && o.certDir != "":
		return errors.New("--cert-provider self and --cert-dir contradict each other: leave one out")
	case o.noCluster && o.kubeconfig != "":
		return errors.New("--no-cluster and --kubeconfig contradict each other: leave one out")
	case o.serviceName == "":
		return errors.New("--service-name is empty")
	case o.webhookConfigurationName == "":
		return errors.New("--webhook-configuration-name is empty")
	case o.minTLSVersion() == 0:
		return fmt.Errorf("--tls-min-version is %q, needs 1.3 or 1.2", o.tlsMinVersion)
	case o.logFormat != logFormatJSON && o.logFormat != logFormatText:
		return fmt.Errorf("--log-format is %q, needs json or text", o.logFormat)
	case new(slog.LevelVar).UnmarshalText([]byte(o.logLevel)) != nil:
		return fmt.Errorf("--log-level is %q, needs debug, info, warn or error", o.logLevel)
	case o.shutdownDelay < 0:
		return fmt.Errorf("--shutdown-delay is %s, needs zero or more", o.shutdownDelay)
	}
	return nil
}

func (o *serveOptions) validateAddresses() error {
	addresses := []struct{ flag, value string }{
		{"--bind-address", o.bindAddress},
		{"--health-bind-address", o.healthBindAddress},
		{"--metrics-bind-address", o.metricsBindAddress},
	}
	for _, address := range addresses {
		if address.value == switchedOff && address.flag == "--metrics-bind-address" {
			continue
		}
		_, port, err := net.SplitHostPort(address.value)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return fmt.Errorf("%s is %q, needs host:port with a number for the port, such as :9443 or 127.0.0.1:0", address.flag, address.value)
		}
	}
	return nil
}

// minTLSVersion is the version as crypto/tls knows it, or 0.
func (o *serveOptions) minTLSVersion() uint16 {
	switch o.tlsMinVersion {
	case "1.3":
		return tls.VersionTLS13
	case "1.2":
		return tls.VersionTLS12
	}
	return 0
}

func (o *serveOptions) slogLevel() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(o.logLevel)) // validate has looked at it
	return level
}
