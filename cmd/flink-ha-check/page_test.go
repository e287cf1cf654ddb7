package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// page is the documentation of check, from the folder of the repository.
const page = "docs/check.md"

// fence is a transcript in the page: commands, each with what is printed.
var fence = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// TestTheTranscriptsOfThePageAreTrue runs all commands in the page, in a folder with the examples. After a change that is meant: go test
// ./cmd/flink-ha-check -run TestTheTranscripts -update, and read the diff.
func TestTheTranscriptsOfThePageAreTrue(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(repository, page))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("docs/examples", os.DirFS(filepath.Join(repository, "docs", "examples"))); err != nil {
		t.Fatal(err)
	}
	reader, commands := &shell{}, 0
	want := fence.ReplaceAllStringFunc(string(text), func(block string) string {
		var said strings.Builder
		for line := range strings.Lines(fence.FindStringSubmatch(block)[1]) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				commands++
				said.WriteString(line + reader.run(t, strings.TrimSpace(command)))
			}
		}
		return "```console\n" + said.String() + "```"
	})
	if commands < 8 {
		t.Errorf("the page has %d commands, want one for each thing that it shows", commands)
	}
	if *update {
		if err := os.WriteFile(filepath.Join(repository, page), []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s (-want,+got):\n%s", page, diff)
	}
}

// shell understands the command lines of the page. It knows the exit code of the last one.
type shell struct{ code int }

// run returns what a terminal would show: both streams, since none of the commands writes to both but at its end.
func (s *shell) run(t *testing.T, line string) string {
	t.Helper()
	if line == "echo $?" {
		return fmt.Sprintln(s.code)
	}
	arguments, ok := strings.CutPrefix(line, programName+" ")
	if !ok || strings.ContainsAny(arguments, `|<>"'$`) {
		t.Fatalf("%s shows %q, which this test cannot run", page, line)
	}
	command := newCommand()
	var stdout, stderr bytes.Buffer
	s.code = offline.Execute(t.Context(), command, strings.Fields(arguments), &stdout, &stderr)
	return stderr.String() + stdout.String()
}

// flagInText is a flag as the page writes it.
var flagInText = regexp.MustCompile("(?:^|[\\s`(])(--?[a-z][a-z-]*)")

// TestThePageNamesFlagsThatExist, and every flag that there is.
func TestThePageNamesFlagsThatExist(t *testing.T) {
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	prose := fence.ReplaceAllString(string(text), "")
	// The programs that people run beside it have flags of their own.
	prose = regexp.MustCompile("(?m)^    .*$|`(?:docker|kubectl|set) [^`]*`").ReplaceAllString(prose, "")
	var known []string
	usages := offline.NewCheckCommand(offline.CheckSources{}).LocalFlags().FlagUsages() + "      --cluster\n      --context\n      --kubeconfig\n      --helm-values\n"
	for _, match := range regexp.MustCompile(`(?m)^ +(?:(-[a-z]), )?(--[a-z-]+)`).FindAllStringSubmatch(usages, -1) {
		known = append(known, match[1:]...)
	}
	for _, match := range flagInText.FindAllStringSubmatch(prose, -1) {
		if !slices.Contains(known, match[1]) {
			t.Errorf("%s names the flag %s, which does not exist", page, match[1])
		}
	}
	for _, flag := range known {
		if strings.HasPrefix(flag, "--") && !strings.Contains(prose, "`"+flag) && !strings.Contains(prose, flag+"`") && flag != "--help" {
			t.Errorf("%s does not name the flag %s", page, flag)
		}
	}
}

// link is one of Markdown.
var link = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)

// TestThePageLinksToFilesThatExist, in this repository.
func TestThePageLinksToFilesThatExist(t *testing.T) {
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	linked := map[string]bool{}
	for _, match := range link.FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(match[1], "://") {
			continue
		}
		path := filepath.Join("../../docs", match[1])
		linked[filepath.Clean(path)] = true
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s links to %s: %v", page, match[1], err)
		}
	}
	err = fs.WalkDir(os.DirFS("../../docs"), "ci", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !linked[filepath.Join("../../docs", name)] {
			t.Errorf("%s does not link to docs/%s", page, name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
