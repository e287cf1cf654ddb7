package controlplane

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestBuildOnce(t *testing.T) {
	small := newSmallRecipe(t, "package main\n\nfunc main() {}\n")
	result := Assets{Dir: filepath.Join(t.TempDir(), small.name())}
	for _, half := range []string{result.Dir, result.Dir + ".unfinished"} {
		if err := os.MkdirAll(half, 0o755); err != nil {
			t.Fatal(err)
		}
		writeExecutable(t, filepath.Join(half, etcd))
	}
	var logs [3]strings.Builder
	var builders sync.WaitGroup
	for i := range logs {
		builders.Go(func() {
			if err := buildOnce(t.Context(), &logs[i], small, result); err != nil {
				t.Error(err)
			}
		})
	}
	builders.Wait()
	if missing := result.missing(); len(missing) > 0 {
		t.Errorf("missing: %q", missing)
	}
	all := logs[0].String() + logs[1].String() + logs[2].String()
	if strings.Count(all, "building etcd") != 1 || strings.Count(all, "built in") != 1 {
		t.Errorf("not built once:\n%s", all)
	}
	if link, err := os.Readlink(result.Path(etcd)); err != nil || link != multiCall {
		t.Errorf("half a build was taken for one: %q, %v", link, err)
	}
}

func TestBuildFails(t *testing.T) {
	broken := newSmallRecipe(t, "package main\n\nfunc main() { nonsense }\n")
	result := Assets{Dir: filepath.Join(t.TempDir(), broken.name())}
	err := buildOnce(t.Context(), os.Stderr, broken, result)
	if err == nil || !strings.Contains(err.Error(), "undefined: nonsense") {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(result.Dir + "*"); len(left) != 1 {
		t.Errorf("got %q, want the lock alone", left)
	}
}

// newSmallRecipe is for a module that builds in no time.
func newSmallRecipe(t *testing.T, source string) recipe {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"go.mod": "module example.com/small\n\ngo 1.26\n", "main.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return recipe{source: dir, kubernetes: "v1.2.3", hash: "small"}
}
