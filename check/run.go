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
// read where a source is standard input. Where folders define one object in several ways, they are judged apart from each other.
//
// Files are read by several workers, and of what they hold only what may matter to a verdict stays in memory. The error is that of
// the context or of the cluster; what cannot be read is among the problems of the report.
func Run(ctx context.Context, sources []manifest.Source, stdin io.Reader, options Options) (*Report, error) {
	if options.Workers <= 0 {
		options.Workers = runtime.GOMAXPROCS(0)
	}
	c := &checker{options: options, stdin: stdin, progress: Progress{Files: len(sources)}}
	files := make([]*content, len(sources))
	err := c.each(ctx, len(sources), func(i int) {
		files[i] = c.read(ctx, sources[i])
		c.report(func(p *Progress) { p.FilesRead++ })
	})
	if err != nil {
		return nil, err
	}
	pairBare(files, options.Version)
	if options.Live != nil {
		live, err := c.readLive(ctx, files)
		if err != nil {
			return nil, err
		}
		files = slices.Concat(files, []*content{live})
	}
	problems, err := c.judge(ctx, files)
	if err != nil {
		return nil, err
	}
	return c.reportOn(files, problems), nil
}

// checker is one run.
type checker struct {
	options Options
	stdin   io.Reader
	// doubt is why accounts that the cluster has may not be known, "" for no doubt.
	doubt string

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
	return ended(ctx)
}

func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	return nil
}

// judge judges all worlds of some files, one after the other.
func (c *checker) judge(ctx context.Context, files []*content) ([]error, error) {
	scene := newScene(&c.options)
	reviewer, err := admission.NewReviewer(admission.Options{
		Policy:       func() *policy.Policy { return c.options.Policy },
		Now:          func() time.Time { return c.options.Now },
		Surroundings: scene.given,
		Afresh:       true,
		Version:      c.options.Version,
	})
	if err != nil {
		return nil, err
	}
	root := plantWorlds(files)
	t := &tour{checker: c, scene: scene, reviewer: reviewer, known: map[string]bool{}}
	c.progress.Objects = t.plan(root)
	if err := t.visit(ctx, root, c.doubt); err != nil {
		return nil, err
	}
	return t.problems, nil
}

// reportOn puts together what came of all files, in their order.
func (c *checker) reportOn(files []*content, problems []error) *Report {
	report := &Report{}
	for _, file := range files {
		if file.source.Rendering != "" {
			if report.Rendered == nil {
				report.Rendered = map[string]Rendered{}
			}
			report.Rendered[file.source.Name] = Rendered{By: file.source.Rendering, Root: file.source.Root}
		}
		report.Problems = append(report.Problems, file.problems...)
		report.Left = append(report.Left, file.left...)
		if file.live && !c.options.JudgeLive {
			continue
		}
		covered := file.covered()
		for i := range file.objects {
			if covered[i] {
				continue
			}
			report.Summary.count(file.objects[i].Verdict)
			if c.options.WithSkipped || file.objects[i].Verdict != admission.VerdictSkip || len(file.objects[i].Unknown) > 0 {
				report.Objects = append(report.Objects, file.objects[i])
			}
		}
		report.Summary.Skip += file.skipped
		report.Summary.Objects += file.skipped
	}
	report.Problems = append(report.Problems, problems...)
	report.MarkRepeated()
	return report
}
