package differential

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TestRefereeForgets holds the shortcut of clearing Flink's static state against loading Flink anew for every file.
func TestRefereeForgets(t *testing.T) {
	corpus, err := Corpus(Standard)
	if err != nil {
		t.Fatal(err)
	}
	var directories []Files
	for _, tried := range corpus {
		if strings.Contains(tried.Files[flink.StandardFile], "&") {
			directories = append(directories, tried.Files)
		}
	}
	referee := appointed(t, "2.3.0")
	cleared, err := referee.Load(t.Context(), slices.Concat(directories, directories))
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := referee.LoadFresh(t.Context(), directories)
	if err != nil {
		t.Fatal(err)
	}
	for i, files := range directories {
		for _, again := range []Answer{cleared[i], cleared[i+len(directories)]} {
			if !maps.Equal(again.Settings, fresh[i].Settings) || again.Refusal.Class() != fresh[i].Refusal.Class() {
				t.Errorf("%s: got %s, want %s", quoted(files), again, fresh[i])
			}
		}
	}
}

func TestRefereeOutlivesItsErrors(t *testing.T) {
	referee := appointed(t, "1.20.5")
	good := Files{flink.StandardFile: "a: b\n"}
	answers, err := referee.Load(t.Context(), []Files{
		{flink.StandardFile: "a: &x {b: *x}\n"}, // java.lang.StackOverflowError
		good,
		{}, // no file at all
		good,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, class := range []string{"StackOverflowError", "", "IllegalConfigurationException", ""} {
		if answers[i].Refusal.Class() != class {
			t.Errorf("answer %d: got %s, want %q", i, answers[i], class)
		}
	}
}

// TestRefereeThatDoesNotAnswer is about files that keep Flink busy: aliases that double a hundred million times.
func TestRefereeThatDoesNotAnswer(t *testing.T) {
	referee := appointed(t, "2.3.0")
	text := "n0: &n0 {}\n"
	for i := 1; i <= 25; i++ {
		text += fmt.Sprintf("n%d: &n%d {x: *n%d, y: *n%d}\n", i, i, i-1, i-1)
	}
	referee.patience = 100 * time.Millisecond
	answers, err := referee.Load(t.Context(), []Files{{flink.StandardFile: text}})
	if err != nil {
		t.Fatal(err)
	}
	if len(answers) != 1 || !answers[0].Silent {
		t.Errorf("got %v, want no answer in time", answers)
	}
	referee.patience = patience
	answers, err = referee.Load(t.Context(), []Files{{}, {flink.StandardFile: "a: b\n"}})
	if err != nil || len(answers) != 2 || answers[0].Settings != nil || answers[1].Settings["a"] != "b" {
		t.Errorf("got %v, %v: want a new process that knows nothing of the file before", answers, err)
	}
}

func TestArguments(t *testing.T) {
	given := []string{"--configDir", "/conf", "-D", "a=b", "-Dc=d=e", "-Dflag", "-D", "g", "h", "--host", "h", "-Dlate=x"}
	cases := map[string]struct {
		release    Release
		entryPoint EntryPoint
		want       Arguments
	}{
		"session JobManager up to 1.20": {
			release: "1.20.5", entryPoint: SessionJobManager,
			want: Arguments{
				Properties: map[string]string{"a": "b", "c": "d=e", "flag": "true", "g": "h", "late": "x"},
				Further:    map[string]string{"ConfigDir": "/conf", "Hostname": "h", "RestPort": "-1"},
			},
		},
		"session JobManager of 2.3, without --host": {
			release: "2.3.0", entryPoint: SessionJobManager,
			want: Arguments{
				Properties: map[string]string{"a": "b", "c": "d=e", "flag": "true", "g": "h"},
				Rest:       []string{"--host", "h", "-Dlate=x"},
				Further:    map[string]string{"ConfigDir": "/conf"},
			},
		},
		"TaskManager": {
			release: "1.20.5", entryPoint: TaskManager,
			want: Arguments{
				Properties: map[string]string{"a": "b", "c": "d=e", "flag": "true", "g": "h"},
				Rest:       []string{"--host", "h", "-Dlate=x"},
				Further:    map[string]string{"ConfigDir": "/conf"},
			},
		},
		"application JobManager of 2.3": {
			release: "2.3.0", entryPoint: ApplicationJobManager,
			want: Arguments{
				Properties: map[string]string{"a": "b", "c": "d=e", "flag": "true", "g": "h"},
				Rest:       []string{"--host", "h", "-Dlate=x"},
				Further:    map[string]string{"ConfigDir": "/conf"},
			},
		},
		"application JobManager that Maven Central does not have": {
			release: "1.20.5", entryPoint: ApplicationJobManager,
			want: Arguments{Unsupported: true},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := appointed(t, tc.release).Arguments(t.Context(), tc.entryPoint, [][]string{given})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Arguments{tc.want}, got); diff != "" {
				t.Errorf("-want,+got:\n%s", diff)
			}
		})
	}
}

func TestArgumentsThatAreRefused(t *testing.T) {
	got, err := appointed(t, "2.3.0").Arguments(t.Context(), TaskManager, [][]string{{"-D", "a=b"}, {"--configDir"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, cause := range []string{"MissingOptionException", "MissingArgumentException"} {
		if got[i].Refusal.Class() != cause {
			t.Errorf("answer %d: got %+v, want %s", i, got[i], cause)
		}
	}
}
