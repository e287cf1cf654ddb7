package controlplane

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestGivenAssets(t *testing.T) {
	for name, test := range map[string]struct {
		present []string
		used    bool
		said    string
	}{
		"all":                   {present: []string{etcd, apiServer, controllerManager, kubectl}, used: true},
		"as envtest has them":   {present: []string{etcd, apiServer, kubectl}, said: "lacks kube-controller-manager\n"},
		"nothing of the four":   {present: []string{"README"}, said: "lacks etcd, kube-apiserver, kube-controller-manager, kubectl\n"},
		"one is not executable": {present: []string{etcd, apiServer, controllerManager, "kubectl.txt"}, said: "lacks kubectl\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range test.present {
				writeExecutable(t, filepath.Join(dir, file))
			}
			t.Setenv(assetsVariable, dir)
			var log strings.Builder
			given, used := givenAssets(&log)
			if used != test.used || used && given.Dir != dir {
				t.Errorf("got %q, used: %t", given.Dir, used)
			}
			if !strings.HasSuffix(log.String(), test.said) || test.said == "" && log.Len() > 0 {
				t.Errorf("said %q", log.String())
			}
		})
	}
}

func TestAssetsMustBeExecutableFiles(t *testing.T) {
	assets := Assets{Dir: t.TempDir()}
	for _, name := range []string{etcd, apiServer} {
		writeExecutable(t, assets.Path(name))
	}
	if err := os.Chmod(assets.Path(etcd), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(assets.Path(kubectl), 0o755); err != nil {
		t.Fatal(err)
	}
	if missing := strings.Join(assets.missing(), " "); missing != "etcd kube-controller-manager kubectl" {
		t.Errorf("got %q", missing)
	}
}

func TestRecipeDependsOnTheModule(t *testing.T) {
	first, err := newRecipe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(first.name(), "v1.") || first.name() != first.kubernetes+"-"+first.hash {
		t.Errorf("got %q", first.name())
	}
	changed := recipe{source: t.TempDir(), kubernetes: first.kubernetes}
	if err := os.CopyFS(changed.source, os.DirFS(first.source)); err != nil {
		t.Fatal(err)
	}
	if same, err := changed.sum(); err != nil || same != first.hash {
		t.Errorf("got %q, %v for a copy, want %q", same, err, first.hash)
	}
	if err := os.WriteFile(filepath.Join(changed.source, "other.go"), []byte("package main\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if other, err := changed.sum(); err != nil || other == first.hash {
		t.Errorf("got %q, %v for a changed module", other, err)
	}
}

func TestProgress(t *testing.T) {
	watch := &progress{}
	pieces := []string{"go: downloading k8s.io/api v0.37.2\nk8s.io/", "api/core/v1\nunicode\n# example.com/x\n./main.go:1:2: ", "wrong\n"}
	for i, piece := range pieces {
		if n, err := watch.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatalf("writing: %d, %v", n, err)
		}
		if want := []string{"1 modules downloaded", "2 packages compiled", "2 packages compiled"}[i]; watch.String() != want {
			t.Errorf("got %q, want %q", watch, want)
		}
	}
	if want := "# example.com/x\n./main.go:1:2: wrong\n"; watch.remarks() != want {
		t.Errorf("got %q, want %q", watch.remarks(), want)
	}
}

func TestSweepLeavesNewFolders(t *testing.T) {
	fresh := t.TempDir()
	if removed, err := sweepOne(fresh); removed || err != nil {
		t.Errorf("a folder that its owner has yet to lock: %t, %v", removed, err)
	}
	old := time.Now().Add(-2 * lockless)
	if err := os.Chtimes(fresh, old, old); err != nil {
		t.Fatal(err)
	}
	if removed, err := sweepOne(fresh); !removed || err != nil {
		t.Errorf("a folder that nobody ever locked: %t, %v", removed, err)
	}
}

// writeExecutable makes a file that looks like a program.
func writeExecutable(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}
