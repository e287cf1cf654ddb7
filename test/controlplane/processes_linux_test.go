package controlplane

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// processesIn lists the living processes whose working directory is the path or
// below it, whoever their parents are.
func processesIn(t *testing.T, path string) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range links {
		cwd, err := os.Readlink(link) // fails for zombies and for what is gone
		if err != nil || !strings.HasPrefix(cwd+"/", path+"/") && cwd != path+" (deleted)" {
			continue
		}
		found = append(found, filepath.Dir(link))
	}
	return found
}
