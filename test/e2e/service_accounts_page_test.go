package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// TestThePageOnServiceAccountsNamesTestsThatExist, since each stands for a claim.
func TestThePageOnServiceAccountsNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(bench.Root(), "docs", "service-accounts.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	names := regexp.MustCompile(`\bTest[A-Z][A-Za-z]+`).FindAllString(string(page), -1)
	if len(names) < 15 {
		t.Errorf("the page names the tests %q, want one for each claim", names)
	}
	for _, name := range names {
		if !strings.Contains(tests.String(), "\nfunc "+name+"(t *testing.T)") {
			t.Errorf("the page names %s, which does not exist", name)
		}
	}
}
