package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/healthz"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/webhook"
)

// guard is the admission server with what runs beside it.
type guard struct {
	options *serveOptions
	policy  *policySource
	// reviewer also judges in the background, once it is there.
	reviewer atomic.Pointer[admission.Reviewer]
	log      *slog.Logger
	registry *prometheus.Registry
	started  time.Time
	// injections are the accounts that the admission server has given, for the controller that tells of them.
	injections *cluster.Injections
	// owners are what it has seen of owner references of HA state, for the controllers that remove them and tell of them.
	owners *cluster.OwnerNotes
	// deletions are what it has seen of deletions of HA state, for the controllers that keep it.
	deletions *cluster.Deletions

	readiness *readiness
	// checks are what readiness depends on once the start is over.
	checks map[string]healthz.Checker

	// crew is what runs beside the admission server.
	crew sync.WaitGroup
	// fail ends the server for a reason.
	fail context.CancelCauseFunc
}

// serve runs the server until the context ends or something fails that it cannot do without. Either way it ends in good
// order: it is not ready, takes no more reviews, answers those in flight, and then all that runs beside it ends.
func serve(ctx context.Context, options *serveOptions, log *slog.Logger) error {
	log.Info("starting", "version", offline.OwnVersion(version), "noCluster", options.noCluster, "namespace", options.namespace, "certProvider", options.certProvider)
	halt, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	g := &guard{
		options: options, log: log, registry: prometheus.NewRegistry(), started: time.Now(), injections: cluster.NewInjections(), owners: cluster.NewOwnerNotes(),
		deletions: cluster.NewDeletions(),
		readiness: newReadiness(), checks: map[string]healthz.Checker{}, fail: fail,
	}
	var err error
	if g.policy, err = newPolicySource(options.policyFile, log, g.registry); err != nil {
		return err
	}
	beside, release := context.WithCancel(context.WithoutCancel(ctx))
	err = g.run(halt, beside)
	release()
	g.crew.Wait()
	switch {
	case ctx.Err() != nil:
		log.Info("stopped")
		return nil
	case err != nil:
		return err
	}
	return context.Cause(halt)
}

// run starts everything in the order in which one needs the other and serves reviews until halt ends. What it starts beside
// the admission server ends with the other context.
func (g *guard) run(halt, beside context.Context) error {
	if err := g.startHealth(beside); err != nil {
		return err
	}
	if err := g.startMetrics(beside); err != nil {
		return err
	}
	apiServer, err := g.findAPIServer()
	if err != nil {
		return err
	}
	source, err := g.newCertificateSource(apiServer)
	if err != nil {
		return err
	}
	surroundings := validation.Surroundings(validation.Alone{})
	if apiServer != nil {
		g.readiness.waitFor("the API server")
		if err := g.awaitAPIServer(halt, apiServer); err != nil {
			return err
		}
		if surroundings, err = g.watchCluster(beside, apiServer); err != nil {
			return err
		}
		if err := g.reportPolicies(beside, apiServer); err != nil {
			return fmt.Errorf("setting up events about the policy: %w", err)
		}
	}
	g.start(beside, "certificate source", source.Start)
	g.start(beside, "policy", func(ctx context.Context) error {
		g.policy.keep(ctx)
		return nil
	})
	g.readiness.waitFor("the certificate")
	if err := await(halt, source.Healthy); err != nil {
		return err
	}
	server, err := g.newServer(surroundings, source.GetCertificate)
	if err != nil {
		return err
	}
	g.serveReviews(halt, beside, server)
	return nil
}

// judge is the verdict in the background: nothing before there is a reviewer.
func (g *guard) judge(member *inventory.Member) []validation.Finding {
	if reviewer := g.reviewer.Load(); reviewer != nil {
		return reviewer.Findings(member)
	}
	return nil
}

func (g *guard) newServer(surroundings validation.Surroundings, certificate certificateFunc) (*webhook.Server, error) {
	reviewer, err := admission.NewReviewer(admission.Options{Policy: g.policy.Current, Now: time.Now, Surroundings: surroundings})
	if err != nil {
		return nil, fmt.Errorf("putting the rules together: %w", err)
	}
	g.reviewer.Store(reviewer)
	metrics, err := webhook.NewMetrics(g.registry)
	if err != nil {
		return nil, fmt.Errorf("registering metrics: %w", err)
	}
	server, err := webhook.NewServer(webhook.ServerOptions{
		Address: g.options.bindAddress, GetCertificate: certificate, MinTLSVersion: g.options.minTLSVersion(),
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the server of --bind-address: %w", err)
	}
	for _, route := range webhook.Routes(reviewer) {
		route.OnDecided = g.note
		server.Handle(route.Path, webhook.NewHandler(route, g.log, metrics))
	}
	return server, nil
}

// note tells those who act later on what was decided. An object that the API server has yet to name has no name to tell.
func (g *guard) note(request *admissionv1.AdmissionRequest, decision *admission.Decision, patched bool) {
	if patched && decision.Account.Outcome == admission.AccountInjected && decision.Name != "" {
		g.injections.Note(request.Kind.Kind, request.Namespace, decision.Name, decision.Account.Name)
	}
	g.owners.Note(decision.HAState)
	g.deletions.Note(decision.HAState)
}

// serveReviews runs the admission server until halt ends, and then until the cluster sends no more and all is answered.
func (g *guard) serveReviews(halt, beside context.Context, server *webhook.Server) {
	serving, stop := context.WithCancel(beside)
	defer stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Start(serving); err != nil {
			g.fail(fmt.Errorf("serving --bind-address: %w", err))
		}
	}()
	g.readiness.waitFor("the listener")
	if await(halt, func() bool { return server.Listening() == nil }) == nil {
		g.log.Info("listening", "server", "https", "address", server.Address())
		g.readiness.ready(g.checks)
		g.log.Info("started", "seconds", time.Since(g.started).Seconds())
		<-halt.Done()
	}
	g.readiness.end()
	g.log.Info("stopping", "reason", context.Cause(halt).Error(), "delay", g.options.shutdownDelay.String())
	select {
	case <-time.After(g.options.shutdownDelay):
	case <-ended:
	}
	stop()
	<-ended
}

// start runs a part beside the admission server. If the part fails, the server ends in good order and is started anew by
// whoever looks after it.
func (g *guard) start(ctx context.Context, part string, work func(context.Context) error) {
	g.crew.Go(func() {
		err := work(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("it ended by itself")
		}
		g.log.Error("lost a part of the server", "part", part, "error", err)
		g.fail(fmt.Errorf("running the %s: %w", part, err))
	})
}

// pollInterval is how often the start looks whether it can go on. What it waits for takes milliseconds.
const pollInterval = 10 * time.Millisecond

// await returns once a condition holds, or with the reason for which the context ended.
func await(ctx context.Context, holds func() bool) error {
	for !holds() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pollInterval):
		}
	}
	return nil
}
