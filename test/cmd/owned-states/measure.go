package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// requests are how many the API server has answered, all in all.
type requests struct{ patches, conflicts, events float64 }

func (r requests) minus(before requests) requests {
	return requests{r.patches - before.patches, r.conflicts - before.conflicts, r.events - before.events}
}

// figures are what was measured, times from the start of the guard on.
type figures struct {
	ready, first, urgent, all time.Duration
	total                     requests
	busiest                   float64 // requests in one second
	memory, memoryPeak        float64
}

// measure starts the guard and waits until nothing is owned.
func (p *place) measure(ctx context.Context) (figures, error) {
	var f figures
	before, err := p.requests(ctx)
	if err != nil {
		return f, err
	}
	started := time.Now()
	if err := p.Guard.Start(ctx); err != nil {
		return f, err
	}
	f.ready = time.Since(started)
	sampling, stop := context.WithCancel(ctx)
	busiest := make(chan float64)
	go func() { busiest <- p.busiest(sampling) }()
	err = p.states.awaitFree(ctx)
	stop()
	f.busiest = <-busiest
	if err != nil {
		return f, err
	}
	f.first, f.urgent, f.all = p.times(started)
	// What the guard tells of comes a moment later.
	select {
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
		return f, ctx.Err()
	}
	after, err := p.requests(ctx)
	if err != nil {
		return f, err
	}
	f.total = after.minus(before)
	f.memory, f.memoryPeak, err = p.Guard.Memory()
	return f, err
}

// times are when the first one was freed, the last one whose owner is being deleted, and the last one of all.
func (p *place) times(started time.Time) (first, urgent, all time.Duration) {
	p.states.mu.Lock()
	defer p.states.mu.Unlock()
	first = patience
	for _, at := range p.states.going {
		first, urgent = min(first, at.Sub(started)), max(urgent, at.Sub(started))
	}
	all = urgent
	for _, at := range p.states.staying {
		first, all = min(first, at.Sub(started)), max(all, at.Sub(started))
	}
	return first, urgent, all
}

// requests reads the API server's metrics. Nobody else patches ConfigMaps or writes Events of this API here.
func (p *place) requests(ctx context.Context) (requests, error) {
	var r requests
	text, err := p.Metrics(ctx)
	if err != nil {
		return r, err
	}
	for value, labels := range map[*float64]map[string]string{
		&r.patches:   {"verb": "PATCH", "resource": "configmaps"},
		&r.conflicts: {"verb": "PATCH", "resource": "configmaps", "code": "409"},
		&r.events:    {"verb": "POST", "resource": "events", "group": "events.k8s.io"},
	} {
		if *value, err = bench.Sum(text, "apiserver_request_total", labels); err != nil {
			return r, err
		}
	}
	return r, nil
}

// busiest is how many requests there were in the busiest second until the context ends.
func (p *place) busiest(ctx context.Context) float64 {
	var most, last float64
	lastAt := time.Time{}
	for {
		if r, err := p.requests(ctx); err == nil {
			now, sum := time.Now(), r.patches+r.events
			if !lastAt.IsZero() {
				most = max(most, (sum-last)/now.Sub(lastAt).Seconds())
			}
			last, lastAt = sum, now
		}
		select {
		case <-ctx.Done():
			return most
		case <-time.After(time.Second):
		}
	}
}

func (f figures) print(out io.Writer, o options) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	round := func(t time.Duration) time.Duration { return t.Round(10 * time.Millisecond) }
	busy := (f.all - f.first).Seconds()
	fmt.Fprintf(table, "OWNED HA CONFIGMAPS (%d in %d namespaces)\t\n", o.states, o.namespaces)
	fmt.Fprintf(table, "guard ready after\t%s\n", round(f.ready))
	fmt.Fprintf(table, "first one free after\t%s\n", round(f.first))
	if o.urgent > 0 {
		fmt.Fprintf(table, "%d with an owner that is being deleted free after\t%s\n", o.urgent, round(f.urgent))
	}
	fmt.Fprintf(table, "all free after\t%s\n", round(f.all))
	fmt.Fprintf(table, "patches of ConfigMaps\t%.0f, of which %.0f conflicts\n", f.total.patches, f.total.conflicts)
	fmt.Fprintf(table, "events written\t%.0f\n", f.total.events)
	if busy > 0 {
		fmt.Fprintf(table, "requests per second\t%.0f on average, %.0f in the busiest second\n", (f.total.patches+f.total.events)/busy, f.busiest)
	}
	fmt.Fprintf(table, "resident memory of the guard\t%.1f MB in the end, %.1f MB at most\n", f.memory, f.memoryPeak)
	return table.Flush()
}
