package differential

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// maxFrame bounds a request and an answer; the Java side has the same bound.
const maxFrame = 16 << 20

// The ways in which a question can be answered; the Java side has the same numbers.
const (
	answered    = 0
	refused     = 1
	unsupported = 2
	broken      = 3
)

// Files are the files of a configuration directory, by their names; or settings by their keys.
type Files map[string]string

// EntryPoint is a program of Flink's that takes arguments.
type EntryPoint byte

// The entry points.
const (
	SessionJobManager     EntryPoint = 's'
	ApplicationJobManager EntryPoint = 'a'
	TaskManager           EntryPoint = 't'
)

// request is a frame without its length.
type request []byte

func loadRequest(files Files) request      { return filesRequest('l', files) }
func loadFreshRequest(files Files) request { return filesRequest('f', files) }
func mapRequest(settings Files) request    { return filesRequest('m', settings) }

func loadHighAvailabilityRequest(files Files) request { return filesRequest('h', files) }

func filesRequest(operation byte, files Files) request {
	r := appendLength(request{operation}, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		r = appendText(appendText(r, name), files[name])
	}
	return r
}

func argumentsRequest(entryPoint EntryPoint, arguments []string) request {
	r := appendLength(request{'a', byte(entryPoint)}, len(arguments))
	for _, argument := range arguments {
		r = appendText(r, argument)
	}
	return r
}

func appendText(r request, text string) request {
	return append(appendLength(r, len(text)), text...)
}

func appendLength(r request, length int) request {
	return binary.BigEndian.AppendUint32(r, uint32(length)) //nolint:gosec // no frame is longer than maxFrame
}

// writeFrame writes what may be read with readFrame on the other side.
func writeFrame(w io.Writer, frame request) error {
	if len(frame) > maxFrame {
		return fmt.Errorf("a request of %d bytes is too long", len(frame))
	}
	if _, err := w.Write(appendLength(nil, len(frame))); err != nil {
		return err
	}
	_, err := w.Write(frame)
	return err
}

func readFrame(r io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(length[:])
	if size == 0 || size > maxFrame {
		return nil, fmt.Errorf("an answer of %d bytes", size)
	}
	frame := make([]byte, size)
	_, err := io.ReadFull(r, frame)
	return frame, err
}

var errShortAnswer = errors.New("the answer ends too early")

// decoder takes an answer apart; after an error everything is empty.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) take(n int) []byte {
	if d.err == nil && n > len(d.rest) {
		d.err = errShortAnswer
	}
	if d.err != nil {
		return nil
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}

func (d *decoder) octet() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) number() int {
	if b := d.take(4); b != nil {
		return int(binary.BigEndian.Uint32(b))
	}
	return 0
}

func (d *decoder) text() string { return string(d.take(d.number())) }

func (d *decoder) texts() []string {
	var texts []string
	for range d.number() {
		if d.err != nil {
			return nil
		}
		texts = append(texts, d.text())
	}
	return texts
}

func (d *decoder) settings() map[string]string {
	settings := map[string]string{}
	for range d.number() {
		if d.err != nil {
			return nil
		}
		key := d.text()
		settings[key] = d.text()
	}
	return settings
}
