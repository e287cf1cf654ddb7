package fix

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesAreWrittenWhereLinksLead(t *testing.T) {
	path := folder(t, map[string]string{"real/a.yaml": misspelt})
	link := filepath.Join(path, "link.yaml")
	if err := os.Symlink("real/a.yaml", link); err != nil {
		t.Fatal(err)
	}
	plan := planned(t, path)
	if len(plan.Files) != 1 {
		t.Fatalf("got %d files, want the one that the link leads to, once", len(plan.Files))
	}
	if err := plan.Write(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	info, err := os.Stat(filepath.Join(path, "real/a.yaml"))
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file has the permissions %v, %v", info.Mode(), err)
	}
	if got, err := os.ReadFile(link); err != nil || string(got) != mended {
		t.Errorf("got %v and %q", err, got)
	}
	if left, err := os.ReadDir(filepath.Join(path, "real")); err != nil || len(left) != 1 {
		t.Errorf("there is %v, %v", left, err)
	}
}

func TestNothingIsWrittenWhereAFileHasChanged(t *testing.T) {
	path := folder(t, map[string]string{"a.yaml": misspelt, "b.yaml": strings.ReplaceAll(misspelt, "flink-config", "b"), "c.yaml": strings.ReplaceAll(misspelt, "flink-config", "c")})
	plan := planned(t, path)
	if err := os.WriteFile(filepath.Join(path, "b.yaml"), []byte("changed"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(path, "c.yaml"), 0o440); err != nil {
		t.Fatal(err)
	}
	err := plan.Write()
	if err == nil || !strings.Contains(err.Error(), "b.yaml: somebody has changed the file") || !strings.Contains(err.Error(), "c.yaml: the file is read-only") {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(path, "a.yaml")); err != nil || string(got) != misspelt {
		t.Errorf("a.yaml was written: %v, %q", err, got)
	}
}

// TestDiffsAreTakenByPatchAndGit has names and line ends that diffs get wrong.
func TestDiffsAreTakenByPatchAndGit(t *testing.T) {
	for tool, arguments := range map[string][]string{"patch": {"-p1", "--binary", "-i", "fix.diff"}, "git": {"apply", "--whitespace=nowarn", "fix.diff"}} {
		t.Run(tool, func(t *testing.T) {
			if _, err := exec.LookPath(tool); err != nil {
				t.Skip("it is not installed")
			}
			bare := strings.TrimSuffix(misspelt, "\n")
			bare = strings.Replace(bare, "      \n    kubernetes.cluster-id: orders", "    kubernetes.cluster-id: \"orders\"", 1)
			t.Chdir(folder(t, map[string]string{
				"a b.yaml": misspelt, "quo\"te.yaml": misspelt, "é.yaml": strings.ReplaceAll(misspelt, "\n", "\r\n"), "no end/x.yaml": bare,
			}))
			plan := planned(t, ".")
			var diff strings.Builder
			if err := plan.Diff(&diff); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile("fix.diff", []byte(diff.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			if output, err := exec.CommandContext(t.Context(), tool, arguments...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s\n%s", err, output, diff.String())
			}
			if len(plan.Files) != 4 {
				t.Errorf("got %d files", len(plan.Files))
			}
			for _, file := range plan.Files {
				if got, err := os.ReadFile(file.Name); err != nil || string(got) != file.After {
					t.Errorf("%s: %v\n%q, want\n%q", file.Name, err, got, file.After)
				}
			}
		})
	}
}
