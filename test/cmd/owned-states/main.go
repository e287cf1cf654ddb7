// Command owned-states measures, on a real control plane, how long it takes the guard to free HA ConfigMaps of the owner references
// that they have when it comes into the cluster, and what that costs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

const help = `Usage: go run ./cmd/owned-states [flags]

Starts a control plane with the guard in front of it, as it is shipped, and stops the guard. Creates -states HA ConfigMaps with a
checkpoint and an owner, in -namespaces namespaces, -urgent of them with an owner that is being deleted. Starts the guard, watches how
the ConfigMaps lose their owners, and prints a table: times from the start of the guard's process on, requests from the API server's
metrics, and the guard's resident memory.

Flags:
`

type options struct {
	states, urgent, namespaces, workers int
}

func main() {
	var o options
	flag.IntVar(&o.states, "states", 5000, "how many HA ConfigMaps are owned")
	flag.IntVar(&o.urgent, "urgent", 50, "how many of them have an owner that is being deleted")
	flag.IntVar(&o.namespaces, "namespaces", 50, "in how many namespaces they are")
	flag.IntVar(&o.workers, "workers", 8, "how many clients create them at once")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), help)
		flag.PrintDefaults()
	}
	flag.Parse()
	if o.states < 1 || o.urgent < 0 || o.urgent > o.states || o.namespaces < 1 || o.workers < 1 {
		fmt.Fprintln(os.Stderr, "error: -states, -namespaces and -workers must be at least 1, and -urgent at most -states")
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// place is the bench with all that measures around it.
type place struct {
	*bench.Bench
	client kubernetes.Interface
	states *states
}

func run(o options) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := bench.Start(ctx, bench.Options{Log: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	client, err := kubernetes.NewForConfig(b.QuietConfig())
	if err != nil {
		return fmt.Errorf("connecting to the API server: %w", err)
	}
	p := &place{Bench: b, client: client, states: newStates()}
	owners, err := p.createOwners(ctx, o.namespaces)
	if err != nil {
		return err
	}
	// In good order, so that the next one need not wait until the lead lapses.
	if err := p.Guard.Stop(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "creating %d HA ConfigMaps\n", o.states)
	if err := p.createStates(ctx, o, owners); err != nil {
		return err
	}
	if err := p.states.watch(ctx, client, o.states); err != nil {
		return err
	}
	measured, err := p.measure(ctx)
	if err != nil {
		return err
	}
	return measured.print(os.Stdout, o)
}
