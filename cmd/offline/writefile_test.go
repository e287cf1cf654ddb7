package offline

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// content of a file, and how many files are beside it.
func content(t *testing.T, name string) (text string, beside int) {
	t.Helper()
	read, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(read), len(entries) - 1
}

func TestWriteFileKeepsWhatTheFileIs(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "report.json")
	for _, text := range []string{"first", "second"} {
		if err := writeFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, beside := content(t, name); got != text || beside != 0 {
			t.Errorf("got %q and %d other files, want %q and none", got, beside, text)
		}
	}
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(name, link); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(link, []byte("third")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(name)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := content(t, name); got != "third" || info.Mode() != 0o640 {
		t.Errorf("got %q with mode %v, want third with 0640", got, info.Mode())
	}
	if info, err = os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is %v (%v), want a link", info, err)
	}
}

func TestWriteFileWritesToDevices(t *testing.T) {
	if err := writeFile(os.DevNull, []byte("text")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is a file now", os.DevNull)
	}
}
