package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// TestTheREADMEHasTheFlagsOfCheck compares the README with what check takes.
func TestTheREADMEHasTheFlagsOfCheck(t *testing.T) {
	if got, want := block(t, "flags of check"), "```\n"+newCheckCommand().LocalFlags().FlagUsages()+"```\n"; got != want {
		t.Errorf("the README has\n%s\nwant\n%s", got, want)
	}
}

// TestTheTranscriptOfCheckIsTrue runs the command that the README shows and compares what is printed.
func TestTheTranscriptOfCheckIsTrue(t *testing.T) {
	transcript := strings.ReplaceAll("\n"+strings.TrimSpace(block(t, "transcript of check")), "\n    ", "\n")
	command, want, _ := strings.Cut(strings.TrimSpace(transcript), "\n")
	arguments, ok := strings.CutPrefix(command, "$ flink-ha-webhook ")
	if !ok {
		t.Fatalf("the transcript begins with %q", command)
	}
	t.Chdir("../..")
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), strings.Fields(arguments), &stdout, &stderr); code != offline.ExitRefused || strings.TrimSpace(stdout.String()) != want {
		t.Errorf("got %d\n%s%swant\n%s", code, &stdout, &stderr, want)
	}
}

// TestCheckFindsNoCluster asks for one where there is none: the question cannot be answered.
func TestCheckFindsNoCluster(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "kubeconfig")
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"check", "--cluster", "--kubeconfig", missing}, &stdout, &stderr)
	if code != offline.ExitUnanswered || stdout.Len() > 0 || !strings.HasPrefix(stderr.String(), "error: finding the cluster: ") {
		t.Errorf("got %d\nstdout: %s\nstderr: %s", code, &stdout, &stderr)
	}
}

// TestCheckEndsAtASignal interrupts a program that waits for standard input.
func TestCheckEndsAtASignal(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	defer writer.Close()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	check := exec.CommandContext(t.Context(), executable, "check", "-")
	check.Env = []string{asProgram + "=1", "HOME=" + t.TempDir()}
	check.Stdin = reader
	var stderr bytes.Buffer
	check.Stderr = &stderr
	if err := check.Start(); err != nil {
		t.Fatal(err)
	}
	// It reads what is written, so that its signals are caught by now.
	if _, err := writer.Write(bytes.Repeat([]byte("# nothing\n"), 100_000)); err != nil {
		t.Fatal(err)
	}
	if err := check.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = check.Wait()
	if code := check.ProcessState.ExitCode(); code != offline.ExitUnanswered || stderr.String() != "error: interrupted\n" {
		t.Errorf("got %d: %s", code, &stderr)
	}
}
