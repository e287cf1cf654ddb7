package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

const strictPolicy = "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\ndefaults: {enforce: strict}\n"

func TestAChangedPolicyIsTakenUpAndABrokenOneIsNot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("")
	source, err := newPolicySource(file, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	source.broken = func(reason string) { reasons = append(reasons, reason) }
	expect := func(step string, level policy.Level, good float64, broken int) {
		t.Helper()
		if got := source.Current().Defaults.Enforce.Level; got != level {
			t.Errorf("%s: got the level %s, want %s", step, got, level)
		}
		if got := testutil.ToFloat64(source.good); got != good {
			t.Errorf("%s: got policy_current %v, want %v", step, got, good)
		}
		if len(reasons) != broken {
			t.Errorf("%s: got %d reports %q, want %d", step, len(reasons), reasons, broken)
		}
	}
	expect("an empty policy", policy.LevelBaseline, 1, 0)
	source.look()
	expect("no change", policy.LevelBaseline, 1, 0)
	write(strictPolicy)
	source.look()
	expect("a change", policy.LevelStrict, 1, 0)
	write(strings.Replace(strictPolicy, "strict", "strikt", 1))
	source.look()
	source.look()
	expect("a change that is not right, seen twice", policy.LevelStrict, 0, 1)
	if !strings.Contains(reasons[0], "line 3") {
		t.Errorf("got the reason %q, want the line", reasons[0])
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	source.look()
	source.look()
	expect("the file is gone", policy.LevelStrict, 0, 2)
	write(strictPolicy)
	source.look()
	expect("the file is back", policy.LevelStrict, 1, 2)
}

func TestAServerDoesNotStartWithAPolicyThatIsNotRight(t *testing.T) {
	folder := t.TempDir()
	bad, large := filepath.Join(folder, "bad.yaml"), filepath.Join(folder, "large.yaml")
	for file, text := range map[string]string{
		bad:   "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\nrules: {storage-dir-mising: {level: strict, reason: x}}\n",
		large: strings.Repeat("# much\n", 1<<20/7+1),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{bad: "storage-dir-missing", large: "larger than 1 MiB", filepath.Join(folder, "none.yaml"): "no such file"} {
		_, err := newPolicySource(file, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error that says %q", file, err, want)
		}
	}
}
