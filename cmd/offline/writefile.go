package offline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// modeOfNewFiles is what others may do with a report, as far as the umask lets them.
const modeOfNewFiles = 0o666

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
		return os.WriteFile(name, content, modeOfNewFiles)
	case err == nil:
		mode = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	temporary, err := writeBeside(name, content, mode)
	if err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

// writeBeside writes a new file next to another, with some permissions or, for 0, those of any new file. It returns the name also
// where writing fails.
func writeBeside(name string, content []byte, mode fs.FileMode) (string, error) {
	temporary := filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.%d.tmp", filepath.Base(name), os.Getpid()))
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, modeOfNewFiles)
	if err != nil {
		return temporary, err
	}
	_, err = file.Write(content)
	if err == nil && mode != 0 {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	return temporary, errors.Join(err, file.Close())
}
