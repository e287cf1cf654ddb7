package hastate

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// TestEveryProofHasATarget compares the tests that the Makefile's targets run with those that there are: a name that no test has
// any more proves nothing, and says nothing.
func TestEveryProofHasATarget(t *testing.T) {
	var run, there []string
	makefile, err := os.ReadFile(filepath.Join(bench.Root(), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range regexp.MustCompile(`\$\(PROVE\) '([^']+)'`).FindAllStringSubmatch(string(makefile), -1) {
		run = append(run, strings.Split(target[1], "|")...)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range regexp.MustCompile(`(?m)^func (Test\w+)\(t `).FindAllStringSubmatch(string(source), -1) {
			if test[1] != t.Name() {
				there = append(there, test[1])
			}
		}
	}
	slices.Sort(run)
	slices.Sort(there)
	if diff := cmp.Diff(there, run); diff != "" {
		t.Errorf("the tests that the Makefile's targets run (-there +run):\n%s", diff)
	}
}
