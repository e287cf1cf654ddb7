package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// durations of one thing, over all runs.
type durations []time.Duration

// quantile of sorted durations.
func (d durations) quantile(q float64) time.Duration { return d[int(q*float64(len(d)-1)+0.5)] }

func (d durations) String() string {
	slices.Sort(d)
	round := func(t time.Duration) time.Duration { return t.Round(100 * time.Microsecond) }
	return fmt.Sprintf("%s\t%s\t%s\t%s", round(d[0]), round(d.quantile(0.5)), round(d.quantile(0.95)), round(d[len(d)-1]))
}

// waits are what the runs have measured.
type waits struct {
	afterAnswer map[string]durations
	afterStart  map[string]durations // from the request for the namespace on
	answers     durations
	others      int // Deployments that got no account
}

// measureWaiting prints how long one new Deployment waits.
func (p *place) measureWaiting(ctx context.Context, out io.Writer, runs int) error {
	kinds := []string{anAccount, aBinding, aPod}
	w := waits{afterAnswer: map[string]durations{}, afterStart: map[string]durations{}}
	var namespaces []string
	for n := range runs {
		namespace := fmt.Sprintf("waiting-%d", n)
		started := time.Now()
		if err := p.createNamespace(ctx, namespace); err != nil {
			return err
		}
		asked := time.Now()
		account, err := p.createDeployment(ctx, namespace, jobManager(namespace))
		if err != nil {
			return err
		}
		answered := time.Now()
		if account != "flink" {
			w.others++
			continue
		}
		seen, err := p.sightings.await(ctx, started, []string{namespace}, kinds...)
		if err != nil {
			return err
		}
		namespaces = append(namespaces, namespace)
		w.answers = append(w.answers, answered.Sub(asked))
		for _, kind := range kinds {
			at := seen[sighting{kind, namespace}]
			w.afterAnswer[kind] = append(w.afterAnswer[kind], max(0, at.Sub(answered)))
			w.afterStart[kind] = append(w.afterStart[kind], at.Sub(started))
		}
	}
	if len(namespaces) == 0 {
		return fmt.Errorf("none of %d Deployments got the account", runs)
	}
	retried, err := p.retried(ctx, namespaces)
	if err != nil {
		return err
	}
	return w.print(out, kinds, runs, retried)
}

func (w waits) print(out io.Writer, kinds []string, runs, retried int) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nWAITING (%d new Deployments in new namespaces)\tMIN\tMEDIAN\tP95\tMAX\n", runs)
	fmt.Fprintf(table, "the answer to the Deployment's creation\t%s\n", w.answers)
	for _, kind := range kinds {
		fmt.Fprintf(table, "%s, from that answer on\t%s\n", kind, w.afterAnswer[kind])
	}
	for _, kind := range kinds {
		fmt.Fprintf(table, "%s, from the request for the namespace on\t%s\n", kind, w.afterStart[kind])
	}
	fmt.Fprintf(table, "Deployments that got no account\t%d\n", w.others)
	fmt.Fprintf(table, "ReplicaSets whose first attempt at a pod failed\t%d\n", retried)
	return table.Flush()
}

// retried counts the namespaces in which a ReplicaSet told that it could not make a pod.
func (p *place) retried(ctx context.Context, namespaces []string) (int, error) {
	// Events are written a moment after what they tell of.
	select {
	case <-time.After(2 * time.Second):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	events, err := p.client.CoreV1().Events(corev1.NamespaceAll).List(ctx, metav1.ListOptions{FieldSelector: "reason=FailedCreate"})
	if err != nil {
		return 0, fmt.Errorf("reading events: %w", err)
	}
	failed := map[string]bool{}
	for _, event := range events.Items {
		if slices.Contains(namespaces, event.Namespace) {
			failed[event.Namespace] = true
		}
	}
	return len(failed), nil
}
