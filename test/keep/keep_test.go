package keep

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestHalfAFolderIsNeverFound fails to fill a folder, and fills it then.
func TestHalfAFolderIsNeverFound(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache", "libraries")
	fill := func(problem error) func(context.Context, io.Writer, string) error {
		return func(_ context.Context, _ io.Writer, folder string) error {
			return errors.Join(os.WriteFile(filepath.Join(folder, "a.jar"), nil, 0o600), problem)
		}
	}
	problem := errors.New("the network is gone")
	if err := Folder(t.Context(), io.Discard, dir, fill(problem)); !errors.Is(err, problem) {
		t.Errorf("got %v, want %v", err, problem)
	}
	if isFolder(dir) {
		t.Error("there is a folder after a failure")
	}
	for range 2 { // the second time it is there
		if err := Folder(t.Context(), io.Discard, dir, fill(nil)); err != nil || !isFolder(dir) {
			t.Errorf("got %v, want a folder", err)
		}
	}
}
