package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// patience is how long the demonstration waits for controllers, on however busy a machine.
const patience = time.Minute

// stage runs kubectl and shows what it said. After the first surprise it does nothing more, so that a scene reads as a list.
type stage struct {
	out io.Writer
	// kubectl makes a command for the bench.
	kubectl func(args ...string) *exec.Cmd
	// interrupted tells that the user has had enough.
	interrupted func() error
	err         error
}

func (s *stage) title(text string) {
	fmt.Fprintf(s.out, "\n=== %s ===\n", text)
}

func (s *stage) say(text string) {
	fmt.Fprintf(s.out, "\n%s\n", text)
}

// admitted expects the command to succeed.
func (s *stage) admitted(args ...string) { s.shows("", args...) }

// shows expects the command to succeed and to print the text.
func (s *stage) shows(want string, args ...string) {
	output, err := s.run(args...)
	if s.err == nil && (err != nil || !strings.Contains(output, want)) {
		s.err = fmt.Errorf("the demonstration went wrong: kubectl %s: want %q and no error, got: %w", strings.Join(args, " "), want, orSilence(err))
	}
}

// refused expects the guard to refuse the command.
func (s *stage) refused(args ...string) {
	output, err := s.run(args...)
	if s.err == nil && (err == nil || !strings.Contains(output, "denied the request")) {
		s.err = fmt.Errorf("the demonstration went wrong: kubectl %s was not refused by the guard", strings.Join(args, " "))
	}
}

// fails expects the command to fail.
func (s *stage) fails(args ...string) {
	if _, err := s.run(args...); s.err == nil && err == nil {
		s.err = fmt.Errorf("the demonstration went wrong: kubectl %s did not fail", strings.Join(args, " "))
	}
}

// eventually waits silently until the command prints the text, and then shows it.
func (s *stage) eventually(want string, args ...string) {
	s.wait(func() bool {
		output, err := s.kubectl(args...).CombinedOutput()
		return err == nil && strings.Contains(string(output), want)
	})
	s.shows(want, args...)
}

// untilGone waits silently until a ConfigMap is gone.
func (s *stage) untilGone(namespace, configMap string) {
	s.wait(func() bool {
		output, _ := s.kubectl("get", "configmap", configMap, "-n", namespace).CombinedOutput()
		return strings.Contains(string(output), "NotFound")
	})
}

// applyState applies HA state that the namespace's JobManager Deployment owns.
func (s *stage) applyState(namespace string) {
	if s.err != nil {
		return
	}
	uid, err := s.kubectl("get", "deployment", "orders-jobmanager", "-n", namespace, "-o", "jsonpath={.metadata.uid}").Output()
	if err != nil {
		s.err = fmt.Errorf("reading the Deployment's uid: %w", err)
		return
	}
	const file = "docs/examples/ha-state/ha-state.yaml"
	text, err := os.ReadFile(filepath.Join(bench.Root(), file))
	if err != nil {
		s.err = fmt.Errorf("reading the HA state: %w", err)
		return
	}
	fmt.Fprintf(s.out, "\n$ sed s/@OWNER_UID@/%s/ %s | kubectl apply -n %s -f -\n", uid, file, namespace)
	cmd := s.kubectl("apply", "-n", namespace, "-f", "-")
	cmd.Stdin = strings.NewReader(strings.ReplaceAll(string(text), "@OWNER_UID@", string(uid)))
	output, err := cmd.CombinedOutput()
	fmt.Fprint(s.out, string(output))
	s.err = err
}

// wait asks until the answer is yes.
func (s *stage) wait(done func() bool) {
	deadline := time.Now().Add(patience)
	for s.err == nil && !done() {
		switch {
		case s.interrupted() != nil:
			s.err = s.interrupted()
		case time.Now().After(deadline):
			s.err = errors.New("the demonstration went wrong: nothing happened for a minute")
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// run runs kubectl and shows the command and what it said.
func (s *stage) run(args ...string) (string, error) {
	if s.err != nil {
		return "", s.err
	}
	fmt.Fprintf(s.out, "\n$ kubectl %s\n", strings.Join(quoted(args), " "))
	cmd := s.kubectl(args...)
	cmd.Dir = bench.Root()
	output, err := cmd.CombinedOutput()
	fmt.Fprint(s.out, string(output))
	return string(output), err
}

// quoted puts quotes around words that a shell would split.
func quoted(words []string) []string {
	var safe []string
	for _, word := range words {
		if strings.ContainsAny(word, " *[]$") {
			word = "'" + word + "'"
		}
		safe = append(safe, word)
	}
	return safe
}

func orSilence(err error) error {
	if err == nil {
		return errors.New("other output")
	}
	return err
}
