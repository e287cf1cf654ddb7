// Command flink-ha-check gives the verdict of flink-ha-webhook about files. It is small, and needs no cluster.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends the program in good order; the second ends it at once.
	context.AfterFunc(ctx, stop)
	os.Exit(offline.Execute(ctx, newCommand(), os.Args[1:], os.Stdout, os.Stderr))
}
