package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

const (
	// multiCall is the one executable that the others are links to.
	multiCall = "controlplane"
	// lockPoll is how often a process that waits for another's build looks.
	lockPoll = 500 * time.Millisecond
	// interruptGrace is how long the go command may take to clean up after itself.
	interruptGrace = 10 * time.Second
)

// buildOnce builds into the directory of result under a lock that other
// processes respect; one that had to wait finds the work done.
func buildOnce(ctx context.Context, log io.Writer, r recipe, result Assets) (err error) {
	if err := os.MkdirAll(filepath.Dir(result.Dir), 0o755); err != nil {
		return err
	}
	lock := flock.New(result.Dir + ".lock")
	if free, err := lock.TryLock(); err != nil {
		return fmt.Errorf("locking %s: %w", lock.Path(), err)
	} else if !free {
		fmt.Fprintln(log, "controlplane: waiting for another process that builds the same binaries")
		if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
			return fmt.Errorf("waiting for %s: %w", lock.Path(), err)
		}
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if len(result.missing()) == 0 {
		return nil
	}
	return buildBeside(ctx, log, r, result)
}

// buildBeside builds in a folder beside the result's and renames it when it is
// complete, so that the result's name never stands for half a build.
func buildBeside(ctx context.Context, log io.Writer, r recipe, result Assets) error {
	unfinished := result.Dir + ".unfinished"
	for _, stale := range []string{unfinished, result.Dir} {
		if err := os.RemoveAll(stale); err != nil {
			return err
		}
	}
	defer os.RemoveAll(unfinished)
	started, executable := time.Now(), filepath.Join(unfinished, multiCall)
	if err := compile(ctx, log, r, executable); err != nil {
		return err
	}
	info, err := os.Stat(executable)
	if err != nil {
		return err
	}
	for _, name := range (Assets{Dir: unfinished}).missing() {
		if err := os.Symlink(multiCall, filepath.Join(unfinished, name)); err != nil {
			return err
		}
	}
	if err := os.Rename(unfinished, result.Dir); err != nil {
		return err
	}
	fmt.Fprintf(log, "controlplane: built in %s, %d MB in %s\n", elapsed(started), info.Size()/1e6, result.Dir)
	return nil
}

// compile runs the go command and tells on log how far it is.
func compile(ctx context.Context, log io.Writer, r recipe, output string) error {
	fmt.Fprintf(log, "controlplane: building etcd, kube-apiserver, kube-controller-manager and kubectl %s from source, once; this takes some minutes\n", r.kubernetes)
	watch := &progress{}
	arguments := append([]string{"build", "-v", "-o", output}, r.buildFlags()...)
	cmd := exec.CommandContext(ctx, "go", append(arguments, ".")...)
	cmd.Dir = r.source
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	cmd.Stderr = watch
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptGrace

	silence := watch.reportEvery(log, progressInterval)
	err := cmd.Run()
	silence()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("running go build in %s: %w\n%s", r.source, err, watch.remarks())
	}
	return nil
}
