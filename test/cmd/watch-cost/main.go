// Command watch-cost measures, on a real control plane, what it costs the guard to watch for deletions of HA ConfigMaps: CPU and bytes
// while many clusters renew their locks and checkpoint.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

const help = `Usage: go run ./cmd/watch-cost [flags]

Starts a control plane with the guard in front of it, as it is shipped, and writes to the HA ConfigMaps of -clusters clusters as their
JobManagers do: a renewal of the lock every 5 seconds, and every -interval a checkpoint of one job, which takes four writes. For
-period at a time the guard keeps what is deleted, and for as long it does not, -rounds times in turn. Prints the writes that there
were, and the guard's CPU time and the bytes that it read, of which the difference is the watch's.

Flags:
`

type options struct {
	clusters, rounds int
	interval, period time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.clusters, "clusters", 500, "how many clusters there are")
	flag.IntVar(&o.rounds, "rounds", 3, "how often it is measured with the watch, and without it")
	flag.DurationVar(&o.interval, "interval", 10*time.Second, "how often a job checkpoints")
	flag.DurationVar(&o.period, "period", time.Minute, "for how long it is measured at a time")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), help)
		flag.PrintDefaults()
	}
	flag.Parse()
	if o.clusters < 1 || o.rounds < 1 || o.interval <= 0 || o.period <= 0 {
		fmt.Fprintln(os.Stderr, "error: -clusters, -rounds, -interval and -period must be more than nothing")
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// place is the bench with the clusters on it.
type place struct {
	*bench.Bench
	client kubernetes.Interface
}

func run(o options) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := bench.Start(ctx, bench.Options{Log: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	config := b.QuietConfig()
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting to the API server: %w", err)
	}
	p := &place{Bench: b, client: client}
	fmt.Fprintf(os.Stderr, "creating %d clusters\n", o.clusters)
	clusters, err := p.createClusters(ctx, o.clusters)
	if err != nil {
		return err
	}
	writing, end := context.WithCancel(ctx)
	defer end()
	written := &tally{}
	for i, cluster := range clusters {
		go cluster.live(writing, time.Duration(i)*o.interval/time.Duration(len(clusters)), o.interval, written)
	}
	return p.measure(ctx, o, written)
}
