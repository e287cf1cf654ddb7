package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// TestThePageOnHAStateNamesTestsThatExist, since each stands for a claim.
func TestThePageOnHAStateNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(bench.Root(), "docs", "ha-state.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := testFiles(t, ".", filepath.Join("..", "hastate"))
	names := regexp.MustCompile(`\bTest[A-Z][A-Za-z]+`).FindAllString(string(page), -1)
	if len(names) < 15 {
		t.Errorf("the page names the tests %q, want one for each claim", names)
	}
	for _, name := range names {
		if !strings.Contains(tests, "\nfunc "+name+"(t *testing.T)") {
			t.Errorf("the page names %s, which does not exist", name)
		}
	}
}

// TestThePageOnHAStateNamesTargetsThatExist, as who doubts a figure is told how to measure it again.
func TestThePageOnHAStateNamesTargetsThatExist(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(bench.Root(), "docs", "ha-state.md"))
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile(filepath.Join(bench.Root(), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := regexp.MustCompile("`make ([a-z-]+)").FindAllStringSubmatch(string(page), -1)
	if len(targets) == 0 {
		t.Error("the page names no target")
	}
	for _, target := range targets {
		if !strings.Contains(string(makefile), "\n"+target[1]+":") {
			t.Errorf("the page names the target %s, which does not exist", target[1])
		}
	}
}

// testFiles is the text of all tests in some folders.
func testFiles(t *testing.T, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}
