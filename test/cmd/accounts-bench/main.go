// Command accounts-bench measures, on a real control plane, how long Flink's pods wait for their service account, and what it
// costs the guard to make and heal the accounts of many namespaces.
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

const help = `Usage: go run ./cmd/accounts-bench [flags]

Starts a control plane with the guard in front of it, as it is shipped, and prints two tables.

Waiting: a JobManager Deployment is created in a namespace that was just created, -runs times, one after the other. From the moment
at which the API server has answered the creation, until a watch shows the account, its RoleBinding, and the pod that the
ReplicaSet controller makes, which it cannot before there is an account. The last line counts ReplicaSets whose first attempt failed.

Many namespaces: a JobManager and a TaskManager Deployment in each of -namespaces new namespaces, created by -workers at once; then
all bindings are deleted, then all accounts. Each step tells how long it took until everything was there (again), how many requests
the guard sent to the API server (from its audit log), and the guard's resident memory afterwards.

Flags:
`

type options struct {
	runs, namespaces, workers int
}

func main() {
	var o options
	flag.IntVar(&o.runs, "runs", 200, "how often one Deployment is created in one new namespace")
	flag.IntVar(&o.namespaces, "namespaces", 500, "how many namespaces are filled, and healed")
	flag.IntVar(&o.workers, "workers", 8, "how many clients create and delete at once")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), help)
		flag.PrintDefaults()
	}
	flag.Parse()
	if o.runs < 1 || o.namespaces < 1 || o.workers < 1 {
		fmt.Fprintln(os.Stderr, "error: -runs, -namespaces and -workers must be at least 1")
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
	client    kubernetes.Interface
	sightings *sightings
	requests  *requestLog
}

func run(o options) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	requests, err := newRequestLog()
	if err != nil {
		return err
	}
	defer requests.remove()
	b, err := bench.Start(ctx, bench.Options{Log: os.Stderr, APIServerFlags: requests.flags()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	client, err := kubernetes.NewForConfig(b.QuietConfig())
	if err != nil {
		return fmt.Errorf("connecting to the API server: %w", err)
	}
	p := &place{Bench: b, client: client, sightings: newSightings(), requests: requests}
	if err := p.sightings.watch(ctx, client); err != nil {
		return err
	}
	if err := p.measureWaiting(ctx, os.Stdout, o.runs); err != nil {
		return err
	}
	return p.measureMany(ctx, os.Stdout, o.namespaces, o.workers)
}
