package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// TestPagesNameTestsThatExist, since each stands for a claim.
func TestPagesNameTestsThatExist(t *testing.T) {
	tests := testFiles(t, ".", filepath.Join("..", "hastate"))
	for _, name := range []string{"ha-state.md", "service-accounts.md"} {
		page, err := os.ReadFile(filepath.Join(bench.Root(), "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		named := regexp.MustCompile(`\bTest[A-Z][A-Za-z]+`).FindAllString(string(page), -1)
		if len(named) < 15 {
			t.Errorf("%s names the tests %q, want one for each claim", name, named)
		}
		for _, test := range named {
			if !strings.Contains(tests, "\nfunc "+test+"(t *testing.T)") {
				t.Errorf("%s names %s, which does not exist", name, test)
			}
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
