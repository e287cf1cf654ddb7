package render

import (
	"context"
	"errors"
	"runtime"
	"testing"
)

// TestWhatRunsAwayIsReported, while what stays within the bound is rendered.
func TestWhatRunsAwayIsReported(t *testing.T) {
	const chunk, room = 1 << 20, 64 << 20
	runtime.GC() // what other tests have left behind would count
	bound := heap() + room
	ended := make(chan struct{})
	got, err := within(t.Context(), bound, func(ctx context.Context) (string, error) {
		defer close(ended)
		var kept [][]byte
		for range 3 * room / chunk {
			kept = append(kept, make([]byte, chunk))
		}
		<-ctx.Done()
		runtime.KeepAlive(kept)
		return "", ctx.Err()
	})
	if !errors.Is(err, ErrRunaway) {
		t.Errorf("got %q and %v, want %v", got, err, ErrRunaway)
	}
	<-ended
	got, err = within(t.Context(), 4*bound, func(context.Context) (string, error) { return string(make([]byte, chunk)), nil })
	if err != nil || len(got) != chunk {
		t.Errorf("got %d bytes and %v", len(got), err)
	}
}
