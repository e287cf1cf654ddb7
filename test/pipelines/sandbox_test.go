package pipelines

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// program is the name of what all pipelines run, and module where they get it from.
const (
	program = "flink-ha-check"
	module  = "github.com/flink-ha/flink-ha-webhook"
)

// What the program's exit codes say.
const (
	nothingRefused = 0
	refused        = 1
	unanswered     = 2
)

// Two files as a repository may have them, and the rule that the bad one breaks.
const (
	broken = "storage-dir-missing"
	bad    = `apiVersion: v1
kind: ConfigMap
metadata:
  name: clicks
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    kubernetes.cluster-id: clicks
    kubernetes.namespace: streaming
    high-availability.cluster-id: /clicks
    state.checkpoints.dir: s3://flink-state/clicks/checkpoints
`
	good = bad + "    high-availability.storageDir: s3://flink-state/clicks/ha\n"
)

// built is the folder with the program, which is built once for all tests.
var built string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

// buildAndRun builds the program, runs the tests and cleans up.
func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "flink-ha-pipelines-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	build := exec.Command("go", "build", "-o", folder+string(filepath.Separator), "./cmd/"+program)
	build.Dir = root()
	if said, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building %s: %v\n%s", program, err, said)
		return 1
	}
	built = folder
	return m.Run()
}

// root is the folder of the repository.
func root() string {
	folder, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		panic(err)
	}
	return folder
}

// shipped is the text of a file of the repository.
func shipped(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root()}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// decode reads YAML, and wants it to have no field that the type does not have.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// sandbox is a folder with a repository of somebody, and one with the programs that they have.
type sandbox struct{ repository, programs string }

// newSandbox has the program, if a script does not have to get it, and files by their paths.
func newSandbox(t *testing.T, files map[string]string) sandbox {
	t.Helper()
	s := sandbox{t.TempDir(), t.TempDir()}
	for name, text := range files {
		write(t, filepath.Join(s.repository, name), text, 0o600)
	}
	return s
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// withProgram has the program among the others.
func (s sandbox) withProgram(t *testing.T) sandbox {
	t.Helper()
	if err := os.Symlink(filepath.Join(built, program), filepath.Join(s.programs, program)); err != nil {
		t.Fatal(err)
	}
	return s
}

// play has a script for another program. What it is called with is in a file of its name then, an argument a line.
func (s sandbox) play(t *testing.T, name, script string) {
	t.Helper()
	record := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\n' \"$@\" > '%s'\n", s.record(name))
	write(t, filepath.Join(s.programs, name), record+script, 0o700)
}

func (s sandbox) record(name string) string { return filepath.Join(s.programs, name+".called") }

// calledWith are the arguments of a program that was played.
func (s sandbox) calledWith(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(s.record(name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", " ")
}

// outcome is what a command has said, and its exit code.
type outcome struct {
	code           int
	stdout, stderr string
}

func (o outcome) String() string {
	return fmt.Sprintf("exit code %d\nstdout: %s\nstderr: %s", o.code, o.stdout, o.stderr)
}

// run starts a command in the repository, with the sandbox's programs before those of the machine.
func (s sandbox) run(t *testing.T, environment []string, command ...string) outcome {
	t.Helper()
	path := s.programs + string(os.PathListSeparator) + os.Getenv("PATH")
	// The command is found with the sandbox's path too.
	started := exec.CommandContext(t.Context(), "env", command...)
	started.Dir = s.repository
	started.Env = append([]string{"PATH=" + path, "HOME=" + os.Getenv("HOME")}, environment...)
	var stdout, stderr bytes.Buffer
	started.Stdout, started.Stderr = &stdout, &stderr
	err := started.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return outcome{started.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func wantCode(t *testing.T, got outcome, want int) {
	t.Helper()
	if got.code != want {
		t.Errorf("got %v, want exit code %d", got, want)
	}
}

func wantSaid(t *testing.T, where, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: got %q, want %q in it", where, got, want)
	}
}
