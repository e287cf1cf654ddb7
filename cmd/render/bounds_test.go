package render

import (
	"context"
	"errors"
	"runtime"
	"testing"
)

// TestWhatRunsAwayIsReported, while what stays within the bound is rendered.
func TestWhatRunsAwayIsReported(t *testing.T) {
	const bound, chunk = 64 << 20, 1 << 20
	got, err := within(t.Context(), bound, func(ctx context.Context) (string, error) {
		var kept [][]byte
		for range 3 * bound / chunk {
			kept = append(kept, make([]byte, chunk))
		}
		<-ctx.Done()
		runtime.KeepAlive(kept)
		return "", ctx.Err()
	})
	if !errors.Is(err, ErrRunaway) {
		t.Errorf("got %q and %v, want %v", got, err, ErrRunaway)
	}
	got, err = within(t.Context(), bound, func(context.Context) (string, error) { return string(make([]byte, chunk)), nil })
	if err != nil || len(got) != chunk {
		t.Errorf("got %d bytes and %v", len(got), err)
	}
}
