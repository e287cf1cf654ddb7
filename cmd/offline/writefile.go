package offline

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/flink-ha/flink-ha-webhook/check/wholefile"
)

// writeFile writes a file so that whoever reads it sees either the old content or the new one, and that a failure leaves the old one.
// A link stays one, and permissions stay as they are. What is no file, such as /dev/stderr or a pipe, is written to as it is.
func writeFile(name string, content []byte) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	mode := fs.FileMode(0)
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(name, content, wholefile.ModeOfNewFiles)
	case err == nil:
		mode = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return wholefile.Write(name, content, mode)
}
