package controlplane

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestKilledOwnerLeavesNoProcess(t *testing.T) {
	isolateTemporaryFolders(t)
	owner, folder := startOwner(t)
	if running := processesIn(t, folder); len(running) != 3 {
		t.Fatalf("got %q, want three components", running)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	eventually(t, "the components died with their owner", func() bool { return len(processesIn(t, folder)) == 0 })

	var log strings.Builder
	sweep(&log)
	if !strings.Contains(log.String(), "removed "+folder) {
		t.Errorf("got %q", log.String())
	}
	assertNothingLeft(t, folder)
}

func TestInterruptedOwnerStops(t *testing.T) {
	isolateTemporaryFolders(t)
	owner, folder := startOwner(t)
	sweep(io.Discard)
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("the folder of a living owner was swept: %v", err)
	}
	// As a terminal does it: to the whole process group.
	if err := syscall.Kill(-owner.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := owner.Wait(); err != nil {
		t.Error(err)
	}
	assertNothingLeft(t, folder)
}

// startOwner runs this test binary as a process that owns a control plane, and
// returns the control plane's folder.
func startOwner(t *testing.T) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	owner := exec.CommandContext(t.Context(), self)
	owner.Env = append(os.Environ(), ownerVariable+"=yes")
	owner.Stderr = os.Stderr
	owner.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	folder, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the owner ended without a control plane: %v", err)
	}
	return owner, strings.TrimSpace(folder)
}
