package fix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes the files, each at once or not at all: a file beside it is written first and then takes its name. Links are followed,
// and the permissions stay. Nothing is written if one of the files cannot be, or is not what was read any more; the error names all of
// them. Standard input is left out.
func (p *Plan) Write() error {
	var writes []write
	var failed []error
	for _, file := range p.Files {
		if file.Name == "-" {
			continue
		}
		next, err := prepare(file)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		writes = append(writes, next)
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	for _, next := range writes {
		if err := next.do(); err != nil {
			failed = append(failed, fmt.Errorf("writing %s: %w", next.file.Name, withoutPath(err)))
		}
	}
	return errors.Join(failed...)
}

// write is a file that is about to be written, where it really is.
type write struct {
	file File
	path string
	mode fs.FileMode
}

func prepare(file File) (write, error) {
	path, err := filepath.EvalSymlinks(file.Name)
	if err != nil {
		return write{}, fmt.Errorf("writing %s: %w", file.Name, withoutPath(err))
	}
	info, err := os.Stat(path)
	if err != nil {
		return write{}, fmt.Errorf("writing %s: %w", file.Name, withoutPath(err))
	}
	const writable = 0o222
	if info.Mode().Perm()&writable == 0 {
		return write{}, fmt.Errorf("writing %s: the file is read-only", file.Name)
	}
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		return write{}, fmt.Errorf("writing %s: %w", file.Name, withoutPath(err))
	case string(text) != file.Before:
		return write{}, fmt.Errorf("writing %s: somebody has changed the file since it was read; check again", file.Name)
	}
	return write{file: file, path: path, mode: info.Mode()}, nil
}

// do leaves nothing behind if it fails.
func (w write) do() (err error) {
	folder := filepath.Dir(w.path)
	beside, err := os.CreateTemp(folder, "."+filepath.Base(w.path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = beside.Close()
			_ = os.Remove(beside.Name())
		}
	}()
	if _, err = beside.WriteString(w.file.After); err != nil {
		return err
	}
	if err = beside.Chmod(w.mode.Perm()); err != nil {
		return err
	}
	if err = beside.Sync(); err != nil {
		return err
	}
	if err = beside.Close(); err != nil {
		return err
	}
	if err = os.Rename(beside.Name(), w.path); err != nil {
		return err
	}
	syncFolder(folder)
	return nil
}

// syncFolder has the new name outlive a crash, where the file system can do that. The file is whole in either case.
func syncFolder(folder string) {
	if opened, err := os.Open(folder); err == nil {
		_ = opened.Sync()
		_ = opened.Close()
	}
}

// withoutPath is an error without the path, which is named already.
func withoutPath(err error) error {
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		return inPath.Err
	}
	if inLink, ok := errors.AsType[*os.LinkError](err); ok {
		return inLink.Err
	}
	return err
}
