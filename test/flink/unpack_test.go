package flink

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOnlyLibrariesAreUnpacked holds what leaves an archive to its libraries, whatever else the archive names.
func TestOnlyLibrariesAreUnpacked(t *testing.T) {
	archive, dir := filepath.Join(t.TempDir(), "libraries.tar.gz"), filepath.Join(t.TempDir(), "lib")
	if err := errors.Join(os.Mkdir(dir, 0o700), archiveOf(archive, []tar.Header{
		{Name: "flink-1/setup.py"},
		{Name: "flink-1/deps/lib/", Typeflag: tar.TypeDir},
		{Name: "flink-1/deps/lib/flink-dist-1.jar"},
		{Name: "flink-1/deps/lib/log4j-api-2.jar"},
		{Name: "flink-1/deps/lib/linked.jar", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		{Name: "flink-1/deps/lib/../outside.jar"},
		{Name: "../deps/lib/deeper/outside.jar"},
		{Name: "flink-1/deps/opt/flink-python-1.jar"},
	})); err != nil {
		t.Fatal(err)
	}
	if err := unpackLibraries(archive, dir); err != nil {
		t.Fatal(err)
	}
	got, err := jarsOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(dir, "flink-dist-1.jar") + string(os.PathListSeparator) + filepath.Join(dir, "log4j-api-2.jar")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is unpacked (-want +got):\n%s", diff)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*.jar")); err != nil || len(left) > 0 {
		t.Errorf("got %q beside the folder, want nothing (%v)", left, err)
	}
}

// TestLibrariesAreBounded unpacks an archive that says that it is larger than any release.
func TestLibrariesAreBounded(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "libraries.tar.gz")
	_ = archiveOf(archive, []tar.Header{{Name: "flink-1/deps/lib/flink-dist-1.jar", Size: distributionLimit + 1}}) // it is cut short
	dir := t.TempDir()
	if err := unpackLibraries(archive, dir); err == nil {
		t.Error("got no error")
	}
	if got, err := jarsOf(dir); err != nil || got != "" {
		t.Errorf("got %q, want nothing unpacked (%v)", got, err)
	}
}

// archiveOf writes an archive with these entries, which are empty.
func archiveOf(name string, entries []tar.Header) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	compressed := gzip.NewWriter(file)
	plain := tar.NewWriter(compressed)
	for _, entry := range entries {
		entry.Mode = 0o600
		err = errors.Join(err, plain.WriteHeader(&entry))
	}
	return errors.Join(err, plain.Close(), compressed.Close(), file.Close())
}
