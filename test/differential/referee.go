package differential

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	// patience is how long Flink may think about one case before its process is given up.
	patience = 30 * time.Second
	// memory is the heap of a referee. A file is at most 1 MiB.
	memory = "-Xmx512m"
	// bufferSize is that of either side's buffers.
	bufferSize = 1 << 16
)

// Referee is a running process of one release of Flink. It is for one goroutine at a time.
type Referee struct {
	Release Release

	tools Toolchain
	// folder is the configuration directory that the process writes to and loads.
	folder string
	// patience is how long one answer may take.
	patience time.Duration
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	said     *bytes.Buffer
}

// Appoint starts a referee. It must be dismissed.
func Appoint(tools Toolchain, release Release) (*Referee, error) {
	r := &Referee{Release: release, tools: tools, patience: patience}
	if err := r.start(); err != nil {
		return nil, fmt.Errorf("starting Flink %s: %w", release, err)
	}
	return r, nil
}

// memoryFolder is a folder in memory where there is one: each case writes and removes a file or two.
func memoryFolder() string {
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		return memory
	}
	return ""
}

func (r *Referee) start() (err error) {
	if r.folder, err = os.MkdirTemp(memoryFolder(), "flink-ha-referee-"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(r.folder)
		}
	}()
	classPath := r.tools.Classes + string(os.PathListSeparator) + filepath.Join(r.tools.Libraries(r.Release), "*")
	// The official images set a UTF-8 locale, which is what Java reads flink-conf.yaml with. Of its compilers Java uses the
	// quick one alone, which takes a third of the time over ten thousand cases.
	r.cmd = exec.Command("java", memory, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-Dfile.encoding=UTF-8", "-Duser.language=en", "-Duser.country=US", "-cp", classPath, "Referee", r.folder)
	r.said = &bytes.Buffer{}
	r.cmd.Stderr = r.said
	if r.in, err = r.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	r.out = bufio.NewReaderSize(out, bufferSize)
	return r.cmd.Start()
}

// stop waits for a process that ends, as its input has, and removes its folder.
func (r *Referee) stop() error {
	if r.cmd == nil {
		return nil
	}
	r.in.Close()
	err := errors.Join(r.cmd.Wait(), os.RemoveAll(r.folder))
	r.cmd = nil
	return err
}

// Dismiss ends the process.
func (r *Referee) Dismiss() error {
	if err := r.stop(); err != nil {
		return fmt.Errorf("stopping Flink %s: %w", r.Release, err)
	}
	return nil
}

// Load asks what Flink loads from each of these directories.
func (r *Referee) Load(ctx context.Context, directories []Files) ([]Answer, error) {
	requests := make([]request, len(directories))
	for i, files := range directories {
		requests[i] = loadRequest(files)
	}
	return r.answers(ctx, requests, false)
}

// LoadFresh asks the same of a process that has loaded nothing before, beyond doubt: it loads Flink's classes anew each time.
func (r *Referee) LoadFresh(ctx context.Context, directories []Files) ([]Answer, error) {
	requests := make([]request, len(directories))
	for i, files := range directories {
		requests[i] = loadFreshRequest(files)
	}
	return r.answers(ctx, requests, false)
}

// LoadHighAvailability asks what Flink loads from each of these directories, and what it makes of high availability then.
func (r *Referee) LoadHighAvailability(ctx context.Context, directories []Files) ([]Answer, error) {
	requests := make([]request, len(directories))
	for i, files := range directories {
		requests[i] = loadHighAvailabilityRequest(files)
	}
	return r.answers(ctx, requests, true)
}

// HighAvailability asks what Flink makes of each of these maps of settings.
func (r *Referee) HighAvailability(ctx context.Context, settings []Files) ([]Answer, error) {
	requests := make([]request, len(settings))
	for i, one := range settings {
		requests[i] = mapRequest(one)
	}
	return r.answers(ctx, requests, true)
}

// Arguments asks what an entry point takes from its arguments.
func (r *Referee) Arguments(ctx context.Context, entryPoint EntryPoint, lists [][]string) ([]Arguments, error) {
	requests := make([]request, len(lists))
	for i, list := range lists {
		requests[i] = argumentsRequest(entryPoint, list)
	}
	frames, err := r.ask(ctx, requests)
	if err != nil {
		return nil, fmt.Errorf("asking Flink %s: %w\n%s", r.Release, err, r.said.Bytes())
	}
	answers := make([]Arguments, len(frames))
	for i, frame := range frames {
		if answers[i], err = decodeArguments(frame); err != nil {
			return nil, fmt.Errorf("asking Flink %s: %w", r.Release, err)
		}
	}
	return answers, nil
}

// answers asks several questions at once. A question that Flink does not answer in time costs the process: a new one is
// started for those after it.
func (r *Referee) answers(ctx context.Context, requests []request, highAvailability bool) ([]Answer, error) {
	var answers []Answer
	for len(answers) < len(requests) {
		frames, err := r.ask(ctx, requests[len(answers):])
		for _, frame := range frames {
			answer, damaged := decodeAnswer(frame, highAvailability)
			if damaged != nil {
				return nil, fmt.Errorf("asking Flink %s: %w", r.Release, damaged)
			}
			answers = append(answers, answer)
		}
		switch {
		case errors.Is(err, errSilent):
			answers = append(answers, Answer{Silent: true})
			if err := r.start(); err != nil {
				return nil, fmt.Errorf("starting Flink %s again: %w", r.Release, err)
			}
		case err != nil:
			return nil, fmt.Errorf("asking Flink %s: %w\n%s", r.Release, err, r.said.Bytes())
		}
	}
	return answers, nil
}

var errSilent = errors.New("no answer in time")

// ask writes all requests while it reads the answers, and returns those that came. After an error the process is gone.
func (r *Referee) ask(ctx context.Context, requests []request) (frames [][]byte, err error) {
	process := r.cmd.Process
	kill := func() { _ = process.Kill() }
	defer context.AfterFunc(ctx, kill)()
	watchdog := time.AfterFunc(r.patience, kill)
	written := make(chan error, 1)
	go func() { written <- writeAll(r.in, requests) }()
	for range requests {
		watchdog.Reset(r.patience)
		var frame []byte
		if frame, err = readFrame(r.out); err != nil {
			break
		}
		frames = append(frames, frame)
	}
	inTime := watchdog.Stop()
	if err == nil {
		return frames, <-written
	}
	exit := r.stop()
	<-written
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !inTime:
		return frames, errSilent
	}
	return frames, errors.Join(err, exit)
}

func writeAll(w io.Writer, requests []request) error {
	buffered := bufio.NewWriterSize(w, bufferSize)
	for _, request := range requests {
		if err := writeFrame(buffered, request); err != nil {
			return err
		}
	}
	return buffered.Flush()
}
