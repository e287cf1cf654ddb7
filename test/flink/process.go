package flink

import (
	"errors"
	"os"
	"os/exec"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/test/process"
)

// Process is a process of Flink that was started.
type Process struct {
	*process.Process
	log string
}

// Said is all that it has said so far.
func (p *Process) Said() (string, error) {
	text, err := os.ReadFile(p.log)
	return string(text), err
}

// Exit returns the exit code of a process that has ended.
func (p *Process) Exit() (code int, ended bool) {
	failure := p.Failure()
	if failure == nil {
		return 0, false
	}
	if exit, ok := errors.AsType[*exec.ExitError](failure); ok {
		return exit.ExitCode(), true
	}
	return 0, true
}

// Problems are the lines of a log that are worth a reader's time.
func Problems(log string) string {
	var lines []string
	for line := range strings.Lines(log) {
		for _, word := range []string{"Exception", "Error", "leadership", "Could not", "successfully"} {
			if strings.Contains(line, word) && !strings.HasPrefix(line, "\tat ") {
				lines = append(lines, cut(line))
				break
			}
		}
	}
	if len(lines) > 20 {
		lines = lines[len(lines)-20:]
	}
	return strings.Join(lines, "")
}

// cut shortens a line of a log to what fits on a screen.
func cut(line string) string {
	const longest = 400
	if len(line) <= longest {
		return line
	}
	return line[:longest] + " …\n"
}
