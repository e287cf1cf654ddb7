package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// used is what the guard's process has used since it started.
type used struct {
	cpu   time.Duration
	bytes int64
}

// cost is what was measured with the watch, or without it.
type cost struct {
	used
	writes  int64
	failed  int64
	seconds float64
}

// settling is how long nothing is measured after the policy has changed.
const settling = 10 * time.Second

// measure measures with and without the watch in turn, and prints both.
func (p *place) measure(ctx context.Context, o options, written *tally) error {
	if err := pause(ctx, o.interval); err != nil { // all clusters have begun by then
		return err
	}
	modes := []mode{{name: "deleted state is kept", days: 7}, {name: "it is not", days: 0}}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%d CLUSTERS\tWRITES/S\tFAILED\tGUARD'S CPU\tBYTES READ/S\n", o.clusters)
	for round := range o.rounds {
		for i := range modes {
			m := &modes[i]
			if err := p.keepDeleted(m.days); err != nil {
				return err
			}
			if err := pause(ctx, settling); err != nil {
				return err
			}
			measured, err := p.use(ctx, o.period, written)
			if err != nil {
				return err
			}
			fmt.Fprintf(table, "round %d: %s\t%s\n", round+1, m.name, &measured)
			m.sum.add(measured)
		}
	}
	for i := range modes {
		fmt.Fprintf(table, "all rounds: %s\t%s\n", modes[i].name, &modes[i].sum)
	}
	return table.Flush()
}

// mode is a policy under which is measured.
type mode struct {
	name string
	days int
	sum  cost
}

func (c *cost) add(other cost) {
	c.cpu += other.cpu
	c.bytes += other.bytes
	c.writes += other.writes
	c.failed += other.failed
	c.seconds += other.seconds
}

// String is the rest of a row of the table.
func (c *cost) String() string {
	return fmt.Sprintf("%.0f\t%d\t%.2f %% of a core\t%.0f kB", float64(c.writes)/c.seconds, c.failed, 100*c.cpu.Seconds()/c.seconds, float64(c.bytes)/1000/c.seconds)
}

// use measures for a while.
func (p *place) use(ctx context.Context, period time.Duration, written *tally) (cost, error) {
	before, err := p.guardUsed()
	if err != nil {
		return cost{}, err
	}
	started, done, failed := time.Now(), written.done.Load(), written.failed.Load()
	if err := pause(ctx, period); err != nil {
		return cost{}, err
	}
	after, err := p.guardUsed()
	if err != nil {
		return cost{}, err
	}
	return cost{
		used:    used{cpu: after.cpu - before.cpu, bytes: after.bytes - before.bytes},
		writes:  written.done.Load() - done,
		failed:  written.failed.Load() - failed,
		seconds: time.Since(started).Seconds(),
	}, nil
}

func pause(ctx context.Context, period time.Duration) error {
	select {
	case <-time.After(period):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keepDeleted gives the guard a policy, as a kubelet does.
func (p *place) keepDeleted(days int) error {
	text := fmt.Sprintf("apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\nhaConfigMaps: {keepDeletedDays: %d}\n", days)
	fresh := p.Guard.PolicyFile + ".new"
	if err := os.WriteFile(fresh, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, p.Guard.PolicyFile)
}

// ticksPerSecond is the unit of the times in /proc, on every Linux that runs Go programs.
const ticksPerSecond = 100

// guardUsed reads /proc: what the process has read are the bytes of its connections, since it reads no files to speak of.
func (p *place) guardUsed() (used, error) {
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return used{}, err
	}
	for _, link := range links {
		if path, err := os.Readlink(link); err != nil || path != filepath.Join(p.Dir(), "flink-ha-webhook") {
			continue
		}
		return usedBy(filepath.Dir(link))
	}
	return used{}, fmt.Errorf("the guard does not run")
}

func usedBy(process string) (used, error) {
	stat, err := os.ReadFile(filepath.Join(process, "stat"))
	if err != nil {
		return used{}, err
	}
	read, err := os.ReadFile(filepath.Join(process, "io"))
	if err != nil {
		return used{}, err
	}
	// After the name in brackets: the state, and as 12th and 13th the times in user mode and in the kernel.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return used{}, fmt.Errorf("reading %s/stat: %w", process, err)
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return used{}, fmt.Errorf("reading %s/stat: %w", process, err)
	}
	var bytes int64
	if _, err := fmt.Sscanf(string(read), "rchar: %d", &bytes); err != nil {
		return used{}, fmt.Errorf("reading %s/io: %w", process, err)
	}
	return used{cpu: time.Duration(user+system) * time.Second / ticksPerSecond, bytes: bytes}, nil
}
