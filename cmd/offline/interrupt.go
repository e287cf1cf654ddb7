package offline

import (
	"errors"
	"io"
)

// errInterrupted ends what is called off.
var errInterrupted = errors.New("interrupted")

// interruptible is a stream that nobody need wait for: reading it fails once the work is called off, also while a terminal or a pipe
// keeps it waiting. It is not safe for concurrent use.
type interruptible struct {
	// off is closed when the work is called off.
	off  <-chan struct{}
	from io.Reader
}

// Read reads apart, into memory of its own: what arrives after the end must not be written to a buffer that is somebody else's by then.
func (i *interruptible) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	own := make([]byte, len(p))
	arrived := make(chan result, 1)
	go func() {
		n, err := i.from.Read(own)
		arrived <- result{n, err}
	}()
	select {
	case <-i.off:
		return 0, errInterrupted
	case r := <-arrived:
		return copy(p, own[:r.n]), r.err
	}
}
