package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// startHealth serves /healthz and /readyz, with the single checks below them.
func (g *guard) startHealth(ctx context.Context) error {
	alive := &healthz.Handler{Checks: map[string]healthz.Checker{"ping": healthz.Ping}}
	mux := http.NewServeMux()
	for path, handler := range map[string]http.Handler{"/healthz": alive, "/readyz": g.readiness} {
		mux.Handle(path, http.StripPrefix(path, handler))
		mux.Handle(path+"/", http.StripPrefix(path, handler))
	}
	return g.startHTTP(ctx, "health", "--health-bind-address", g.options.healthBindAddress, mux)
}

// startMetrics serves /metrics: ours, and those that controller-runtime and client-go keep in a registry of their own.
func (g *guard) startMetrics(ctx context.Context) error {
	if g.options.metricsBindAddress == switchedOff {
		return nil
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: "flink_ha_webhook", Name: "build_info", Help: "Always 1; the labels say what is running.",
		ConstLabels: prometheus.Labels{"version": offline.OwnVersion(version)},
	})
	build.Set(1)
	if err := g.registry.Register(build); err != nil {
		return fmt.Errorf("registering metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(prometheus.Gatherers{g.registry, ctrlmetrics.Registry}, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(g.log.Handler(), slog.LevelError),
		// What can be gathered is served; a broken collector must not hide the others.
		ErrorHandling: promhttp.ContinueOnError,
	}))
	return g.startHTTP(ctx, "metrics", "--metrics-bind-address", g.options.metricsBindAddress, mux)
}

// Timeouts of the two plain servers. Probes and scrapes are small, and take far less.
const (
	headerTimeout   = 5 * time.Second
	exchangeTimeout = 30 * time.Second
	idleTimeout     = 90 * time.Second
)

// startHTTP opens a listener, so that an address which cannot be had is an error at once, and serves it.
func (g *guard) startHTTP(ctx context.Context, name, flag, address string, handler http.Handler) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("opening %s: %w", flag, err)
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       exchangeTimeout,
		WriteTimeout:      exchangeTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(g.log.Handler(), slog.LevelWarn),
	}
	g.log.Info("listening", "server", name, "address", listener.Addr().String())
	context.AfterFunc(ctx, func() { _ = server.Close() })
	g.start(ctx, name+" server", func(context.Context) error { return server.Serve(listener) })
	return nil
}
