package check

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Run judges all objects in some sources: each as if it were created while all the others are there and have been for long. stdin is
// read where a source is standard input.
//
// Files are read by several workers, and of what they hold only what may matter to a verdict stays in memory. The error is that of
// the context; what cannot be read is among the problems of the report.
func Run(ctx context.Context, sources []manifest.Source, stdin io.Reader, options Options) (*Report, error) {
	if options.Workers <= 0 {
		options.Workers = runtime.GOMAXPROCS(0)
	}
	c := &checker{options: options, stdin: stdin, progress: Progress{Files: len(sources)}}
	files := make([]*content, len(sources))
	err := c.each(ctx, len(sources), func(i int) {
		files[i] = c.read(sources[i])
		c.report(func(p *Progress) { p.FilesRead++ })
	})
	if err != nil {
		return nil, err
	}
	return c.judge(ctx, files)
}

// checker is one run.
type checker struct {
	options Options
	stdin   io.Reader

	mu       sync.Mutex
	progress Progress
}

func (c *checker) report(change func(*Progress)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.progress)
	if c.options.Progress != nil {
		c.options.Progress(c.progress)
	}
}

// each calls a function for all numbers below one, several at once, until the context ends.
func (c *checker) each(ctx context.Context, n int, do func(int)) error {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(c.options.Workers, n) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	return nil
}

// judge puts all that was read together, and judges it.
func (c *checker) judge(ctx context.Context, files []*content) (*Report, error) {
	report := &Report{}
	around := newWorld(c.options)
	for _, file := range files {
		report.Problems = append(report.Problems, file.problems...)
		report.Left = append(report.Left, file.left...)
		for _, candidate := range file.candidates {
			around.put(candidate)
		}
	}
	reviewer, err := admission.NewReviewer(admission.Options{
		Policy:       func() *policy.Policy { return c.options.Policy },
		Now:          func() time.Time { return c.options.Now },
		Surroundings: around.given,
		Afresh:       true,
		Version:      c.options.Version,
	})
	if err != nil {
		return nil, err
	}
	// Documents are read again one by one, and with them all objects in one.
	var documents [][]*candidate
	for _, file := range files {
		documents = append(documents, file.byDocument()...)
	}
	c.progress.Objects = len(documents)
	failed := make([][]error, len(documents))
	err = c.each(ctx, len(documents), func(i int) {
		judge := judge{options: &c.options, reviewer: reviewer, around: around}
		failed[i] = judge.all(documents[i])
		c.report(func(p *Progress) { p.Judged++ })
	})
	if err != nil {
		return nil, err
	}
	report.Problems = append(report.Problems, slices.Concat(failed...)...)
	for _, file := range files {
		for i := range file.objects {
			report.Summary.count(file.objects[i].Verdict)
			if c.options.WithSkipped || file.objects[i].Verdict != admission.VerdictSkip {
				report.Objects = append(report.Objects, file.objects[i])
			}
		}
		report.Summary.Skip += file.skipped
		report.Summary.Objects += file.skipped
	}
	return report, nil
}
