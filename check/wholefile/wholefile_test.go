package wholefile

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWriteLeavesTheOldFileWhereItFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	// What it would write first is in the way.
	if err := os.WriteFile(nameBeside(name), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, []byte("new"), 0); err == nil {
		t.Errorf("no error although %s is there", nameBeside(name))
	}
	if got, err := os.ReadFile(name); string(got) != "old" || err != nil {
		t.Errorf("got %q and %v, want the old file", got, err)
	}
}

func TestWriteLeavesNothingBesideTheFile(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "report.json")
	for _, mode := range []os.FileMode{0, 0o640, 0o600} {
		if err := Write(name, []byte("new"), mode); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil || mode != 0 && info.Mode() != mode {
			t.Errorf("got %v and %v, want the mode %v", info, err, mode)
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("got %v and %v, want the file alone", entries, err)
	}
	if err := Write(filepath.Join(folder, "missing", "f"), nil, 0); err == nil {
		t.Error("got no error for a folder that is not there")
	}
}
