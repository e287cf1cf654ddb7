package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/flink-ha/flink-ha-webhook/certs"
	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// leaseName is the Lease by which replicas agree on a leader.
const leaseName = programName

// How many requests for one kind of object the guard sends: so many at once and, after that, so many in a second. client-go's own
// 5 in a second are for people: a leader that finds hundreds of namespaces without accounts would take minutes. Nothing is asked
// again and again, and at most a few requests are under way at a time.
const (
	requestRate  = 200
	requestBurst = 500
)

// findAPIServer says where the API server is, without asking it anything; nil with --no-cluster.
func (g *guard) findAPIServer() (*rest.Config, error) {
	if g.options.noCluster {
		return nil, nil
	}
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = g.options.kubeconfig
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("finding the cluster: %w; name one with --kubeconfig, or serve without one: --no-cluster --cert-dir DIR", err)
	}
	config.UserAgent = programName + "/" + offline.OwnVersion(version)
	config.QPS, config.Burst = requestRate, requestBurst
	return config, nil
}

// Waiting for the API server: how long one attempt may take, and the pause before the next. A kubelet would start a server
// that gives up again and again, up to five minutes apart, and so find an API server that is back much later.
const (
	attemptTimeout  = 5 * time.Second
	attemptInterval = 2 * time.Second
)

// awaitAPIServer returns once the API server answers at all.
func (g *guard) awaitAPIServer(halt context.Context, apiServer *rest.Config) error {
	client, err := discovery.NewDiscoveryClientForConfig(apiServer)
	if err != nil {
		return fmt.Errorf("setting up a client of the API server: %w", err)
	}
	for {
		attempt, cancel := context.WithTimeout(halt, attemptTimeout)
		err := client.RESTClient().Get().AbsPath("/version").Do(attempt).Error()
		cancel()
		switch {
		case err == nil || apierrors.IsForbidden(err):
			return nil
		case apierrors.IsUnauthorized(err):
			return fmt.Errorf("asking the API server %s for its version: %w", apiServer.Host, err)
		}
		g.log.Warn("waiting for the API server, which cannot be reached", "apiServer", apiServer.Host, "error", err)
		select {
		case <-halt.Done():
			return context.Cause(halt)
		case <-time.After(attemptInterval):
		}
	}
}

// drainTimeout is what controllers get for what they are in the middle of.
const drainTimeout = 10 * time.Second

// watchCluster runs the caches, from which it returns the surroundings, and under leader election the controllers.
func (g *guard) watchCluster(beside context.Context, apiServer *rest.Config) (validation.Surroundings, error) {
	metrics, err := cluster.NewMetrics(g.registry)
	if err != nil {
		return nil, fmt.Errorf("registering metrics: %w", err)
	}
	first, err := g.newWatch(apiServer, metrics)
	if err != nil {
		return nil, err
	}
	g.checks["caches"] = first.surroundings.Ready
	surroundings := &lastingSurroundings{}
	surroundings.latest.Store(first)
	g.start(beside, "controllers", func(ctx context.Context) error {
		surroundings.keep(ctx, g.log, attemptInterval, func(ctx context.Context) (*watch, error) {
			if err := g.awaitAPIServer(ctx, apiServer); err != nil {
				return nil, err
			}
			return g.newWatch(apiServer, metrics)
		})
		return nil
	})
	return surroundings, nil
}

// newWatch makes a manager. Its servers stay off: ours run with and without a cluster.
func (g *guard) newWatch(apiServer *rest.Config, metrics *cluster.Metrics) (*watch, error) {
	scheme, err := cluster.Scheme()
	if err != nil {
		return nil, fmt.Errorf("putting the scheme together: %w", err)
	}
	options := g.clusterOptions()
	options.Metrics, options.WatchFailures = metrics, cluster.NewWatchFailures()
	timeout := drainTimeout
	controllers, err := manager.New(apiServer, manager.Options{
		Scheme:                        scheme,
		Cache:                         cluster.CacheOptions(options),
		Logger:                        logr.FromSlogHandler(g.log.Handler()),
		Metrics:                       metricsserver.Options{BindAddress: "0"},
		HealthProbeBindAddress:        "0",
		LeaderElection:                g.options.leaderElect,
		LeaderElectionID:              leaseName,
		LeaderElectionNamespace:       g.options.namespace,
		LeaderElectionReleaseOnCancel: true,
		GracefulShutdownTimeout:       &timeout,
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the controllers: %w", err)
	}
	surroundings, err := cluster.Setup(controllers, options)
	if err != nil {
		return nil, err
	}
	return &watch{manager: controllers, surroundings: surroundings}, nil
}

// clusterOptions leaves the CA bundle alone where the certificate comes from files: whoever keeps those knows who signed.
func (g *guard) clusterOptions() cluster.Options {
	current := g.policy.Current()
	options := cluster.Options{
		Namespace:                g.options.namespace,
		WebhookConfigurationName: g.options.webhookConfigurationName,
		Policy:                   g.policy.Current,
		OperatorDefaults:         current.Clusters.OperatorDefaults,
		Judge:                    g.judge,
		Injections:               g.injections,
		OwnerNotes:               g.owners,
		Deletions:                g.deletions,
	}
	if g.options.certProvider == certProviderSelf {
		options.CASecretName, options.CASecretKey = certs.CASecretName, certs.CASecretKey
	}
	return options
}
