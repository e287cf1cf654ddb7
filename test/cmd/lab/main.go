// Command lab runs a control plane with the guard in front of it until Ctrl-C, for playing and for other test programs.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run prints, on standard output, first the two lines that a program reads and then how a person goes on; progress is on
// standard error.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := bench.Start(ctx, bench.Options{Log: os.Stderr})
	if err != nil {
		return err
	}
	fmt.Printf("KUBECONFIG=%s\nGUARD_URL=%s\n", b.Kubeconfig, b.Guard.URL)
	fmt.Printf(`
The guard is in front of a real API server. In another terminal:

    export KUBECONFIG=%s
    export PATH=%s:$PATH
    kubectl apply -f docs/examples/mistakes/

Metrics: %s/metrics   Health: %s/readyz
Ctrl-C stops everything and removes it.
`, b.Kubeconfig, b.BinDir(), b.Guard.MetricsURL, b.Guard.HealthURL)
	<-ctx.Done()
	fmt.Fprintln(os.Stderr, "lab: stopping")
	return b.Stop()
}
