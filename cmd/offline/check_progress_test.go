package offline

import (
	"bytes"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/check"
)

func TestProgressIsShownAfterASecondAndErased(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	p := &progressLine{out: &out, now: func() time.Time { return now }, began: now}
	for _, step := range []struct {
		after time.Duration
		state check.Progress
	}{
		{900 * time.Millisecond, check.Progress{FilesRead: 1, Files: 1000}},
		{200 * time.Millisecond, check.Progress{FilesRead: 20, Files: 1000}},
		{50 * time.Millisecond, check.Progress{FilesRead: 30, Files: 1000}},
		{time.Second, check.Progress{FilesRead: 1000, Files: 1000, Judged: 7, Objects: 90}},
	} {
		now = now.Add(step.after)
		p.update(step.state)
	}
	p.erase()
	if want := eraseLine + "20 of 1000 files read" + eraseLine + "7 of 90 documents judged" + eraseLine; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}
}

func TestProgressOfWhatIsQuickIsNotShown(t *testing.T) {
	var out bytes.Buffer
	p := &progressLine{out: &out, now: time.Now, began: time.Now()}
	p.update(check.Progress{FilesRead: 1, Files: 1})
	p.erase()
	if out.Len() > 0 {
		t.Errorf("got %q, want nothing", &out)
	}
	// To a file or a pipe nothing is shown, however long it takes.
	nowhere := (&checkRun{options: &checkOptions{}, errors: &out}).newProgress()
	nowhere.began = nowhere.began.Add(-time.Hour)
	nowhere.update(check.Progress{FilesRead: 1, Files: 2})
	nowhere.erase()
	if out.Len() > 0 {
		t.Errorf("got %q, want nothing", &out)
	}
}
