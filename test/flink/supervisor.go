package flink

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// pause is how long a supervisor waits before it starts a process again.
const pause = time.Second

// Supervisor keeps a process running as a kubelet does: whenever it ends, it is started again, in the same folder.
type Supervisor struct {
	launch  Launch
	stop    func()
	stopped chan struct{}

	mu      sync.Mutex
	current *Process
	starts  int
	failure error
}

// Supervise starts a process and keeps it running until Stop is called. The context is for the first start alone.
func Supervise(ctx context.Context, launch Launch) (*Supervisor, error) {
	s := &Supervisor{launch: launch, stopped: make(chan struct{})}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	until, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go s.run(until)
	return s, nil
}

// start runs the process with a log of its own, so that nothing that it says is mistaken for what its successor says.
func (s *Supervisor) start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.starts++
	launch := s.launch
	launch.Log = filepath.Join(launch.Folder, fmt.Sprintf("log-%d", s.starts))
	started, err := launch.Start(ctx)
	if err != nil {
		s.failure = err
		return err
	}
	s.current = started
	return nil
}

func (s *Supervisor) run(until context.Context) {
	defer close(s.stopped)
	for {
		select {
		case <-until.Done():
			return
		case <-s.Process().Ended():
		}
		select {
		case <-until.Done():
			return
		case <-time.After(pause):
		}
		if s.start(until) != nil {
			return
		}
	}
}

// Process is the one that was started last.
func (s *Supervisor) Process() *Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// Starts is how often the process was started.
func (s *Supervisor) Starts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.starts
}

// Kill ends the process at once; it is started again.
func (s *Supervisor) Kill() error { return s.Process().Kill() }

// Stop ends the process at once and for good, and tells what kept it from being started again. It may be called again.
func (s *Supervisor) Stop() error {
	s.stop()
	<-s.stopped
	err := s.Process().Kill()
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(err, s.failure)
}
