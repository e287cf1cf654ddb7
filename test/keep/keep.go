// Package keep fills folders with what takes long to make or to fetch, each once for all processes of the user.
package keep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a process looks that waits for another's work.
const lockPoll = 500 * time.Millisecond

// Folder fills a folder under a lock that other processes respect, unless it is there. It is filled beside its place and
// renamed when it is complete, so that its name never stands for half of it.
func Folder(ctx context.Context, log io.Writer, dir string, fill func(context.Context, io.Writer, string) error) (err error) {
	if isFolder(dir) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return err
	}
	lock := flock.New(dir + ".lock")
	if free, err := lock.TryLock(); err != nil {
		return fmt.Errorf("locking %s: %w", lock.Path(), err)
	} else if !free {
		fmt.Fprintf(log, "keep: waiting for another process that makes %s\n", dir)
		if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
			return fmt.Errorf("waiting for %s: %w", lock.Path(), err)
		}
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if isFolder(dir) {
		return nil
	}
	unfinished := dir + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	defer os.RemoveAll(unfinished)
	if err := os.Mkdir(unfinished, 0o750); err != nil {
		return err
	}
	if err := fill(ctx, log, unfinished); err != nil {
		return err
	}
	return os.Rename(unfinished, dir)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
