// Command record-flink runs real session clusters against a real API server, without the guard, and writes down what they write
// to their HA ConfigMaps.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

const help = `Usage: go run ./cmd/record-flink [flags]

Each cluster is led through its life: it starts, runs a job that takes checkpoints, its JobManager is stopped in good order and
started again, the job is cancelled, and the cluster is shut down. From the API server's audit log two files are made for each
release: the writes, thinned to the first two of those that change the same things, and a few states of the ConfigMaps.

The files hold what was sent, but for managed fields. The folder of the clusters is the same on every machine, so that nothing of
a machine is in the pointers.

Flags:
`

func main() {
	releases := flag.String("releases", string(flink.Release118+","+flink.Release120+","+flink.Release23), "the releases, separated by commas")
	writes := flag.String("writes", filepath.Join(bench.Root(), "test", "matchconditions", "testdata", "recorded"), "the folder for the writes")
	states := flag.String("states", filepath.Join(bench.Root(), "flink", "hastate", "testdata"), "the folder for the states")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), help)
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := flink.NeedJava()
	for release := range strings.SplitSeq(*releases, ",") {
		if err == nil {
			err = record(ctx, flink.Release(release), *writes, *states)
		}
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// record makes the two files of a release.
func record(ctx context.Context, release flink.Release, writes, states string) (err error) {
	fmt.Fprintln(os.Stderr, "record-flink: Flink", release)
	log, err := newAuditLog()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.remove()) }()
	if err := live(ctx, release, log.flags()); err != nil {
		return fmt.Errorf("recording Flink %s: %w", release, err)
	}
	all, err := log.writes()
	if err != nil {
		return err
	}
	file := string(release) + ".json"
	return errors.Join(store(filepath.Join(writes, file), thinned(all)), store(filepath.Join(states, file), statesOf(all)))
}
