package main

import (
	"errors"
	"flag"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "have the scripts say what the program prints")

// TestMain makes the test binary the program where a script starts it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){programName: main})
}

// TestScripts runs the program as a pipeline does, and compares what it prints and its exit code with what the scripts have. After a
// change that is meant: go test ./cmd/flink-ha-check -run TestScripts -update, and read the diff.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs the program and wants an exit code: exits CODE ARGUMENT...
func exits(ts *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) == 0 {
		ts.Fatalf("usage: exits CODE ARGUMENT...")
	}
	want, err := strconv.Atoi(arguments[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(programName, arguments[1:]...)
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("got exit code %d, want %d", got, want)
	}
}
