package pipelines

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// hook is one of .pre-commit-hooks.yaml, with the fields of https://pre-commit.com/#creating-new-hooks that are used there.
type hook struct {
	ID            string
	Name          string
	Description   string
	Language      string
	Since         string `yaml:"minimum_pre_commit_version"`
	Entry         string
	Files         string
	RequireSerial bool `yaml:"require_serial"`
}

// configured is a file .pre-commit-config.yaml.
type configured struct {
	Repos []struct {
		Repo, Rev string
		Hooks     []struct {
			ID            string
			Files         string
			PassFilenames *bool `yaml:"pass_filenames"`
			Args          []string
		}
	}
}

func theHook(t *testing.T) hook {
	t.Helper()
	var hooks []hook
	decode(t, shipped(t, ".pre-commit-hooks.yaml"), &hooks)
	if len(hooks) != 1 {
		t.Fatalf("got %d hooks, want 1", len(hooks))
	}
	return hooks[0]
}

// TestTheHookOfPreCommitIsWhole compares it with what pre-commit needs: of language golang it is `go install ./...` in the repository
// that makes the program, and the entry is a command line.
func TestTheHookOfPreCommitIsWhole(t *testing.T) {
	found := theHook(t)
	if found.Language != "golang" || found.ID != program || found.Name == "" || !found.RequireSerial {
		t.Errorf("got %+v", found)
	}
	if _, err := os.Stat(filepath.Join(root(), "cmd", strings.Fields(found.Entry)[0], "main.go")); err != nil {
		t.Errorf("the entry starts no program of this repository: %v", err)
	}
	files := regexp.MustCompile(found.Files)
	for name, want := range map[string]bool{
		"deploy/a.yaml": true, "a.yml": true, "a.json": true, "conf/flink-conf.yaml": true, "a.yaml.md": false, "json": false, "Dockerfile": false,
	} {
		if got := files.MatchString(name); got != want {
			t.Errorf("%s: got %t, want %t", name, got, want)
		}
	}
}

// TestTheHookOfPreCommitFailsOnWhatWouldBeRefused runs it as pre-commit does, with the files of a commit, of which some are not Flink's.
func TestTheHookOfPreCommitFailsOnWhatWouldBeRefused(t *testing.T) {
	entry := strings.Fields(theHook(t).Entry)
	others := map[string]string{
		".github/workflows/ci.yml": "on: push\njobs: {}\n", "playbook.yml": "- hosts: all\n", "list.json": "[1, 2]\n", "package.json": "{}\n",
		"chart/templates/a.yaml": "{{- if .Values.flink }}\na: {{ .Values.a }}\n{{- end }}\n", "empty.yaml": "", "clicks.yaml": bad,
	}
	s := newSandbox(t, others).withProgram(t)
	names := []string{".github/workflows/ci.yml", "playbook.yml", "list.json", "package.json", "chart/templates/a.yaml", "empty.yaml"}
	wantCode(t, s.run(t, nil, append(entry, names...)...), nothingRefused)
	got := s.run(t, nil, append(append(entry, "--namespace=streaming"), append(names, "clicks.yaml")...)...)
	wantCode(t, got, refused)
	wantSaid(t, "the output", got.stdout, "clicks.yaml")
	wantSaid(t, "the output", got.stdout, broken)
}

// TestTheExamplesForPreCommitRun takes the arguments that the examples have, and the files that they mean.
func TestTheExamplesForPreCommitRun(t *testing.T) {
	for _, name := range []string{"pre-commit-config.yaml", "pre-commit-config-folder.yaml"} {
		t.Run(name, func(t *testing.T) {
			var example configured
			decode(t, shipped(t, "docs", "ci", name), &example)
			hook, known := example.Repos[0].Hooks[0], theHook(t)
			if example.Repos[0].Repo != "https://"+module || hook.ID != known.ID {
				t.Fatalf("got the hook %s of %s", hook.ID, example.Repos[0].Repo)
			}
			files := regexp.MustCompile(hook.Files)
			s := newSandbox(t, map[string]string{"deploy/clicks.yaml": bad, "other/clicks.yaml": bad}).withProgram(t)
			command := append(strings.Fields(known.Entry), hook.Args...)
			for _, committed := range []string{"deploy/clicks.yaml", "other/clicks.yaml"} {
				if files.MatchString(committed) && hook.PassFilenames == nil {
					command = append(command, committed)
				}
			}
			got := s.run(t, nil, command...)
			wantCode(t, got, refused)
			wantSaid(t, "the output", got.stdout, "deploy/clicks.yaml\n")
			wantSaid(t, "the output", got.stdout, "1 object: 1 would be refused")
		})
	}
}
