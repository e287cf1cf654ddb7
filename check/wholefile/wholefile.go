// Package wholefile writes files as a whole or not at all.
package wholefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ModeOfNewFiles is what others may do with a new file, as far as the umask lets them.
const ModeOfNewFiles = 0o666

// Write writes a file so that whoever reads it sees either the old content or the new one, and that a failure leaves the old one and
// nothing else: a file beside it is written first and then takes its name. path is where the file really is, since a link would be
// replaced. mode is the permissions that it gets, 0 for those of any new file.
func Write(path string, content []byte, mode fs.FileMode) error {
	beside := nameBeside(path)
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ModeOfNewFiles)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil && mode != 0 {
		err = file.Chmod(mode.Perm())
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(beside, path)
	}
	if err != nil {
		_ = os.Remove(beside)
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

func nameBeside(path string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.tmp", filepath.Base(path), os.Getpid()))
}

// syncFolder has the new name outlive a crash, where the file system can do that. The file is whole in either case.
func syncFolder(folder string) {
	if opened, err := os.Open(folder); err == nil {
		_ = opened.Sync()
		_ = opened.Close()
	}
}
