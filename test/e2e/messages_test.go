package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the messages in testdata again")

// TestWhatKubectlApplyPrints holds the messages that people read against those that somebody has read before.
func TestWhatKubectlApplyPrints(t *testing.T) {
	s := shared
	strict := s.namespace(t, "flink-ha.dev/enforce=strict")
	s.awaitNamespace(t, strict)
	for name, count := range map[string]int{"two-findings": 2, "seven-findings": 7} {
		file := filepath.Join("testdata", name)
		manifest, err := os.ReadFile(file + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(manifest), "namespace: team", "namespace: "+strict)
		got := s.answer(t, strict, text)
		if !got.refused || len(got.rules) != count {
			t.Errorf("%s: got the rules %v, refused: %t", name, got.rules, got.refused)
		}
		output := strings.ReplaceAll(got.output, strict, "team")
		if *update {
			if err := os.WriteFile(file+".txt", []byte(output), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), output); diff != "" {
			t.Errorf("%s: kubectl prints something else; if it is as good, write it with -update (-want +got):\n%s", name, diff)
		}
	}
}
