package controlplane

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// folderPrefix begins the names of all temporary folders.
	folderPrefix = "flink-ha-controlplane-"
	// folderLock is the file in them that a living owner keeps locked.
	folderLock = "in-use"
	// lockless is the age from which a folder without such a file counts as left.
	lockless = time.Minute
)

// folder is where a control plane keeps its data, keys and logs.
type folder struct {
	path string
	lock *flock.Flock // of a temporary folder
}

// newFolder uses the directory if one is given, which must be new or empty, and
// otherwise makes a temporary one.
func newFolder(dir string) (*folder, error) {
	if dir == "" {
		return newTemporaryFolder()
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("directory %s is not empty", path)
	}
	return &folder{path: path}, nil
}

// newTemporaryFolder makes a folder that only this process may use or remove.
func newTemporaryFolder() (*folder, error) {
	for {
		path, err := os.MkdirTemp("", folderPrefix)
		if err != nil {
			return nil, err
		}
		f := &folder{path: path, lock: flock.New(filepath.Join(path, folderLock))}
		if err := f.lock.Lock(); err != nil {
			return nil, errors.Join(err, os.RemoveAll(path))
		}
		if _, err := os.Stat(f.lock.Path()); err == nil {
			return f, nil
		}
		// Somebody swept the folder in the moment before it was locked.
		if err := f.close(); err != nil {
			return nil, err
		}
	}
}

// close removes a temporary folder and leaves a given one alone.
func (f *folder) close() error {
	if f.lock == nil {
		return nil
	}
	return errors.Join(os.RemoveAll(f.path), f.lock.Unlock())
}

// sweep removes the temporary folders of processes that died before they could.
func sweep(log io.Writer) {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range left {
		if removed, err := sweepOne(path); err != nil {
			fmt.Fprintf(log, "controlplane: cannot remove %s, left by a process that is gone: %v\n", path, err)
		} else if removed {
			fmt.Fprintf(log, "controlplane: removed %s, left by a process that is gone\n", path)
		}
	}
}

// sweepOne removes a folder unless its owner lives or is another user.
func sweepOne(path string) (bool, error) {
	lock := flock.New(filepath.Join(path, folderLock))
	if _, err := os.Stat(lock.Path()); errors.Is(err, fs.ErrNotExist) {
		return sweepLockless(path)
	}
	if free, _ := lock.TryLock(); !free {
		return false, nil
	}
	return true, errors.Join(os.RemoveAll(path), lock.Unlock())
}

// sweepLockless removes a folder that nobody locks, unless it is so new that its
// owner has yet to do it.
func sweepLockless(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil || time.Since(info.ModTime()) < lockless {
		return false, ignoreAbsent(err)
	}
	return true, os.RemoveAll(path)
}

// ignoreAbsent is for folders that their owners removed in the meantime.
func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
