package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

const (
	// stopGrace is how long a program may take to end by itself.
	stopGrace = 20 * time.Second
	// tailBytes is how much of a failed program's log an error shows.
	tailBytes = 4 << 10
)

// ErrPortTaken marks a program that found its port in use.
var ErrPortTaken = errors.New("port is taken")

// Command is a program to run.
type Command struct {
	// Name by which errors and the log call it.
	Name string
	// Path of the executable and its arguments.
	Path string
	Args []string
	// Dir is its working directory, and Env its whole environment.
	Dir string
	Env []string
	// Log is the file that all it says is written to.
	Log string
}

// Process is a running program.
type Process struct {
	name   string
	cmd    *exec.Cmd
	log    string
	exited chan struct{}
	err    error // how it ended; to be read after exited is closed
}

// Start runs a program. On Linux it is killed when the process that started it is gone, however that ended.
func Start(command Command) (*Process, error) {
	log, err := os.Create(command.Log)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", command.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(command.Path, command.Args...)
	cmd.Dir, cmd.Env = command.Dir, command.Env
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes()

	p := &Process{name: command.Name, cmd: cmd, log: log.Name(), exited: make(chan struct{})}
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", command.Name, err)
	}
	return p, nil
}

// Name is what the program is called.
func (p *Process) Name() string { return p.name }

// run starts the command and waits for it on one thread that nothing else uses:
// Linux ties the child's life to the thread that started it, and the Go runtime
// ends threads as it likes.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.exited)
}

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.exited }

// Failure is nil while the process runs, and afterwards tells how it ended.
func (p *Process) Failure() error {
	select {
	case <-p.exited:
	default:
		return nil
	}
	cause := p.err
	if cause == nil {
		cause = errors.New("exit status 0")
	}
	tail := p.Tail()
	if bytes.Contains(tail, []byte(syscall.EADDRINUSE.Error())) {
		cause = errors.Join(ErrPortTaken, cause)
	}
	return fmt.Errorf("running %s: %w; its log ends:\n%s", p.name, cause, tail)
}

// Tail returns the end of the log, beginning with a whole line.
func (p *Process) Tail() []byte {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return []byte(err.Error())
	}
	if len(log) > tailBytes {
		_, log, _ = bytes.Cut(log[len(log)-tailBytes:], []byte("\n"))
	}
	return bytes.TrimSpace(log)
}

// Stop asks the process to end and kills it when it does not. One that had ended before is an error.
func (p *Process) Stop() error {
	if err := p.Failure(); err != nil {
		return err
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err == nil {
		select {
		case <-p.exited:
			return nil
		case <-time.After(stopGrace):
		}
	}
	return p.Kill()
}

// Kill ends the process at once, if it has not ended yet.
func (p *Process) Kill() error {
	err := p.cmd.Process.Kill()
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("killing %s: %w", p.name, err)
	}
	<-p.exited
	return nil
}

// Pause has the process do nothing any more, neither answer nor end, until it is killed.
func (p *Process) Pause() error {
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return fmt.Errorf("pausing %s: %w", p.name, err)
	}
	return nil
}
