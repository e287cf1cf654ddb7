package offline

import (
	"fmt"
	"io"
	"time"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Progress is shown once somebody could wonder, and not more often than somebody can read.
const (
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
)

// eraseLine goes back to the beginning of the line and clears it.
const eraseLine = "\r\x1b[K"

// progressLine shows how far a check is, on a line of its own that is erased in the end.
type progressLine struct {
	// out is a terminal, nil for none.
	out         io.Writer
	now         func() time.Time
	began, last time.Time
}

func (r *checkRun) newProgress() *progressLine {
	p := &progressLine{now: time.Now}
	if !r.options.quiet && IsTerminal(r.errors) {
		p.out = r.errors
	}
	p.began = p.now()
	return p
}

// update shows the state if it is time to.
func (p *progressLine) update(state check.Progress) {
	if p.out == nil {
		return
	}
	now := p.now()
	if now.Sub(p.began) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	p.last = now
	text := fmt.Sprintf("%d of %s read", state.FilesRead, flink.Count(state.Files, "file"))
	if state.Objects > 0 {
		text = fmt.Sprintf("%d of %s judged", state.Judged, flink.Count(state.Objects, "document"))
	}
	fmt.Fprint(p.out, eraseLine+text)
}

// erase removes the line if there is one.
func (p *progressLine) erase() {
	if !p.last.IsZero() {
		fmt.Fprint(p.out, eraseLine)
	}
}
