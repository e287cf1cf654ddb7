package fix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/flink-ha/flink-ha-webhook/check/wholefile"
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
		if err := wholefile.Write(next.path, []byte(next.file.After), next.mode); err != nil {
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
