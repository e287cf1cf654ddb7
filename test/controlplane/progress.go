package controlplane

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	// progressInterval is how often a build says that it is still at work.
	progressInterval = 15 * time.Second
	// keptRemarks is how many lines of the go command an error shows.
	keptRemarks = 30
)

// progress reads what "go build -v" writes: one line for each package that it
// compiles, "go: downloading" lines, and errors.
type progress struct {
	mu        sync.Mutex
	partial   []byte
	packages  int
	downloads int
	other     []string
}

// Write takes the next piece of output.
func (p *progress) Write(output []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partial = append(p.partial, output...)
	for {
		line, rest, whole := bytes.Cut(p.partial, []byte("\n"))
		if !whole {
			return len(output), nil
		}
		p.partial = rest
		p.line(string(line))
	}
}

// line counts a line, or keeps it when it is neither a package nor a download.
func (p *progress) line(line string) {
	switch {
	case strings.HasPrefix(line, "go: downloading "):
		p.downloads++
	case line != "" && !strings.ContainsAny(line, " \t:#"):
		p.packages++
	default:
		p.other = append(p.other, line)
		p.other = p.other[max(0, len(p.other)-keptRemarks):]
	}
}

// remarks returns the last lines that were no progress.
func (p *progress) remarks() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(append(p.other, string(p.partial)), "\n")
}

// String says how far the build is.
func (p *progress) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.packages == 0 && p.downloads > 0 {
		return fmt.Sprintf("%d modules downloaded", p.downloads)
	}
	return fmt.Sprintf("%d packages compiled", p.packages)
}

// reportEvery writes to log now and then until the returned function is called.
func (p *progress) reportEvery(log io.Writer, interval time.Duration) func() {
	started := time.Now()
	done := make(chan struct{})
	var reporter sync.WaitGroup
	reporter.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				fmt.Fprintf(log, "controlplane: %s, %s\n", elapsed(started), p)
			}
		}
	})
	return func() {
		close(done)
		reporter.Wait()
	}
}

// elapsed is the time since then, in whole seconds.
func elapsed(since time.Time) time.Duration {
	return time.Since(since).Round(time.Second)
}
