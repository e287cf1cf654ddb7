package pipelines

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// decodeLoosely reads some of a YAML file.
func decodeLoosely(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// TestTheJobOfGitLabReports runs its script as a runner does: all lines in one shell, which ends at the first that fails.
func TestTheJobOfGitLabReports(t *testing.T) {
	var pipeline map[string]struct {
		Variables map[string]string
		Script    []string
		Artifacts struct {
			When    string
			Reports struct{ Junit string }
		}
	}
	decodeLoosely(t, shipped(t, "docs", "ci", "gitlab-ci.yml"), &pipeline)
	job := pipeline["flink-ha"]
	if job.Artifacts.When != "always" {
		t.Errorf("the report is kept %q, want always: also when the job fails", job.Artifacts.When)
	}
	for name, tc := range map[string]struct {
		text         string
		want         int
		wantFailures int
	}{
		"what would be refused": {bad, refused, 1},
		"what is right":         {good, nothingRefused, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t, map[string]string{"deploy/clicks.yaml": tc.text})
			s.play(t, "go", "ln -s '"+filepath.Join(built, program)+"' '"+s.programs+"'\n")
			var environment []string
			for name, value := range job.Variables {
				environment = append(environment, name+"="+value)
			}
			got := s.run(t, environment, "sh", "-e", "-c", strings.Join(job.Script, "\n"))
			wantCode(t, got, tc.want)
			if called, want := s.calledWith(t, "go"), "install "+module+"/cmd/"+program+"@"+job.Variables["FLINK_HA_VERSION"]; called != want {
				t.Errorf("got go %s, want go %s", called, want)
			}
			if failures := failuresIn(t, filepath.Join(s.repository, job.Artifacts.Reports.Junit)); failures != tc.wantFailures {
				t.Errorf("the report has %d failures, want %d", failures, tc.wantFailures)
			}
		})
	}
}

// failuresIn counts the failures in a report of JUnit.
func failuresIn(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Suites []struct {
			Cases []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	failures := 0
	for _, suite := range report.Suites {
		for _, one := range suite.Cases {
			if one.Failure != nil {
				failures++
			}
		}
	}
	return failures
}
