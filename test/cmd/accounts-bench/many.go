package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// step is something that is done in all namespaces, and what the guard makes of it.
type step struct {
	name  string
	do    func(ctx context.Context, namespace string) error
	kinds []string
}

// measureMany prints what many namespaces cost.
func (p *place) measureMany(ctx context.Context, out io.Writer, count, workers int) error {
	namespaces := make([]string, count)
	for n := range namespaces {
		namespaces[n] = fmt.Sprintf("many-%d", n)
	}
	before, err := p.guardMemory()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\nMANY NAMESPACES (%d, %d clients)\tCLIENTS BUSY\tALL DONE AFTER\tLAST ONE WAITED\tREQUESTS OF THE GUARD\tRESIDENT MEMORY\n", count, workers)
	fmt.Fprintf(table, "before\t\t\t\t\t%.1f MB\n", before)
	for _, step := range []step{
		{"JobManager and TaskManager created", p.fill, []string{anAccount, aBinding}},
		{"all bindings deleted", p.deleteBindings, []string{aBinding}},
		{"all accounts deleted", p.deleteAccount, []string{anAccount}},
	} {
		row, err := p.measure(ctx, step, namespaces, workers)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", step.name, err), table.Flush())
		}
		fmt.Fprintln(table, row)
	}
	return table.Flush()
}

// measure does a step and returns its row of the table.
func (p *place) measure(ctx context.Context, step step, namespaces []string, workers int) (string, error) {
	if _, err := p.requests.take(); err != nil {
		return "", err
	}
	started := time.Now()
	ended, err := inEach(ctx, namespaces, workers, step.do)
	if err != nil {
		return "", err
	}
	busy := time.Since(started)
	seen, err := p.sightings.await(ctx, started, namespaces, step.kinds...)
	if err != nil {
		return "", err
	}
	var last, waited time.Duration
	for what, at := range seen {
		last, waited = max(last, at.Sub(started)), max(waited, at.Sub(ended[what.namespace]))
	}
	// What the guard does afterwards, such as Events, counts as well.
	select {
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	counts, err := p.requests.take()
	if err != nil {
		return "", err
	}
	memory, err := p.guardMemory()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%.1f MB", step.name, busy.Round(time.Millisecond), last.Round(time.Millisecond),
		waited.Round(time.Millisecond), enumerate(counts), memory), nil
}

// enumerate says counts, largest first.
func enumerate(counts map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, key := range keys {
		parts = append(parts, fmt.Sprintf("%d %s", counts[key], key))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// inEach does something in all namespaces, several at once, and returns when each was done.
func inEach(ctx context.Context, namespaces []string, workers int, do func(context.Context, string) error) (map[string]time.Time, error) {
	work := make(chan string)
	var crew sync.WaitGroup
	var mu sync.Mutex
	var failures []error
	ended := map[string]time.Time{}
	for range workers {
		crew.Go(func() {
			for namespace := range work {
				err := do(ctx, namespace)
				mu.Lock()
				failures = append(failures, err)
				ended[namespace] = time.Now()
				mu.Unlock()
			}
		})
	}
	for _, namespace := range namespaces {
		work <- namespace
	}
	close(work)
	crew.Wait()
	return ended, errors.Join(failures...)
}

func (p *place) fill(ctx context.Context, namespace string) error {
	if err := p.createNamespace(ctx, namespace); err != nil {
		return err
	}
	if _, err := p.createDeployment(ctx, namespace, jobManager(namespace)); err != nil {
		return err
	}
	_, err := p.createDeployment(ctx, namespace, taskManager(namespace))
	return err
}

func (p *place) deleteBindings(ctx context.Context, namespace string) error {
	return p.client.RbacV1().RoleBindings(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: managedByUs})
}

func (p *place) deleteAccount(ctx context.Context, namespace string) error {
	return p.client.CoreV1().ServiceAccounts(namespace).Delete(ctx, "flink", metav1.DeleteOptions{})
}

func (p *place) guardMemory() (float64, error) {
	now, _, err := p.Guard.Memory()
	return now, err
}
