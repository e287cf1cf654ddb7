package evidence

import (
	"regexp"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// flinkProcess is a process of Flink that was started.
type flinkProcess struct{ *flink.Process }

// launch runs a program until the test ends.
func launch(t *testing.T, given flink.Launch) flinkProcess {
	t.Helper()
	started, err := given.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := started.Kill(); err != nil {
			t.Error(err)
		}
	})
	return flinkProcess{started}
}

// said is all that it has said so far.
func (p flinkProcess) said(t *testing.T) string {
	t.Helper()
	text, err := p.Said()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// await waits until the process has ended or, if it is to run on, has said all of that, and tells which patterns are missing.
func (p flinkProcess) await(t *testing.T, patterns []*regexp.Regexp, runsOn bool) (missing []string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		_, ended := p.Exit() // before its log is read, so that the log is whole
		missing = unsaid(p.said(t), patterns)
		if ended || runsOn && len(missing) == 0 || time.Now().After(deadline) {
			return missing
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func unsaid(text string, patterns []*regexp.Regexp) []string {
	var missing []string
	for _, pattern := range patterns {
		if !pattern.MatchString(text) {
			missing = append(missing, pattern.String())
		}
	}
	return missing
}
