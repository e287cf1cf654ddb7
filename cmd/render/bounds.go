package render

import (
	"context"
	"errors"
	"fmt"
	"runtime/metrics"
	"strings"
	"time"
	"unicode"
)

// Bounds of one rendering. Those of text and time are far beyond what people write, who render in seconds.
const (
	maxRendered = 64 << 20
	maxTime     = time.Minute
	maxReason   = 400
	// maxMemory is what the heap of the whole program may come to meanwhile, and lookInterval how often that is looked at.
	maxMemory    = 2 << 30
	lookInterval = 10 * time.Millisecond
)

// ErrRunaway is about what goes on to take memory, and cannot be stopped: whoever gets it has to end the program.
var ErrRunaway = fmt.Errorf("rendering it takes the program beyond %d MiB of memory", maxMemory>>20)

// bounded renders within the bounds. A rendering that does not end is left alone, since neither library can be stopped; the program
// ends without it. A panic is an error.
func bounded(ctx context.Context, render func(context.Context) (string, error)) (string, error) {
	return within(ctx, maxMemory, render)
}

// within is the same for another bound of the memory.
func within(ctx context.Context, memory uint64, render func(context.Context) (string, error)) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, maxTime, fmt.Errorf("it takes longer than %s", maxTime))
	defer cancel()
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if bug := recover(); bug != nil {
				done <- result{err: errors.New("it cannot be rendered: there is a mistake in the library that renders")}
			}
		}()
		text, err := render(ctx)
		done <- result{text, err}
	}()
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("rendering: %w", context.Cause(ctx))
		case <-look.C:
			if heap() > memory {
				return "", ErrRunaway
			}
		case got := <-done:
			if len(got.text) > maxRendered {
				return "", tooLarge()
			}
			return got.text, got.err
		}
	}
}

// heap is how many bytes there are on the heap, dead objects included that have not been swept.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func tooLarge() error {
	return fmt.Errorf("it renders to more than the %d MiB that are read", maxRendered>>20)
}

// clip is a text on one line, and not too long.
func clip(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > maxReason {
		text = string(runes[:maxReason]) + "…"
	}
	return text
}
