package pipelines

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// action is action.yml, with the fields of
// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax that are used there.
type action struct {
	Name, Description, Author string
	Branding                  map[string]string
	Inputs                    map[string]struct{ Description, Default string }
	Outputs                   map[string]struct{ Description, Value string }
	Runs                      struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, ID, If, Uses, Shell, Run string
	With                           map[string]string
	Env                            map[string]string
}

func theAction(t *testing.T) action {
	t.Helper()
	var found action
	decode(t, shipped(t, "action.yml"), &found)
	if found.Runs.Using != "composite" {
		t.Fatalf("it is %s, want composite", found.Runs.Using)
	}
	return found
}

func (a action) step(t *testing.T, name string) step {
	t.Helper()
	at := slices.IndexFunc(a.Runs.Steps, func(s step) bool { return s.Name == name })
	if at < 0 {
		t.Fatalf("there is no step %q", name)
	}
	return a.Runs.Steps[at]
}

var expression = regexp.MustCompile(`\$\{\{ *([a-z_.-]+) *\}\}`)

// environment fills in the expressions in the environment of a step, as the runner does.
func (a action) environment(t *testing.T, of step, given map[string]string) []string {
	t.Helper()
	known := map[string]string{}
	for name, input := range a.Inputs {
		known["inputs."+name] = input.Default
	}
	maps.Copy(known, given)
	var environment []string
	for name, value := range of.Env {
		value = expression.ReplaceAllStringFunc(value, func(found string) string {
			content, ok := known[expression.FindStringSubmatch(found)[1]]
			if !ok {
				t.Errorf("%s: nothing has a value for %s", name, found)
			}
			return content
		})
		environment = append(environment, name+"="+value)
	}
	return environment
}

// perform runs the script of a step as the runner does, with bash and what is given for expressions, and returns the step's outputs.
func (s sandbox) perform(t *testing.T, a action, name string, given map[string]string, more ...string) (got outcome, outputs string) {
	t.Helper()
	performed := a.step(t, name)
	if performed.Shell != "bash" {
		t.Fatalf("the step %q has the shell %q", name, performed.Shell)
	}
	script, output := filepath.Join(t.TempDir(), "script.sh"), filepath.Join(t.TempDir(), "output")
	write(t, script, performed.Run, 0o600)
	environment := append(append(slices.Clone(more), a.environment(t, performed, given)...), "GITHUB_OUTPUT="+output)
	got = s.run(t, environment, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script)
	text, err := os.ReadFile(output)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return got, string(text)
}

// TestTheActionPutsNothingIntoScripts, since what a pull request may choose, such as the name of a folder, would be run.
func TestTheActionPutsNothingIntoScripts(t *testing.T) {
	found := theAction(t)
	used := map[string]bool{}
	for _, step := range found.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("the script of the step %q has an expression in it", step.Name)
		}
		for _, value := range step.Env {
			for _, match := range expression.FindAllStringSubmatch(value, -1) {
				used[match[1]] = true
			}
		}
	}
	for name := range found.Inputs {
		if !used["inputs."+name] {
			t.Errorf("the input %s is not used", name)
		}
	}
}

// TestTheActionBuildsTheProgram with its own settings for Go, whatever the caller has set.
func TestTheActionBuildsTheProgram(t *testing.T) {
	given := map[string]string{"github.action_path": root(), "runner.temp": t.TempDir()}
	s := newSandbox(t, map[string]string{"go.work": "nonsense\n"})
	got, outputs := s.perform(t, theAction(t), "Build", given, "GOFLAGS=-mod=vendor", "GOOS=plan9", "GOWORK="+filepath.Join(s.repository, "go.work"))
	wantCode(t, got, 0)
	path := filepath.Join(given["runner.temp"], "flink-ha", program)
	if want := "program=" + path + "\n"; outputs != want {
		t.Errorf("got the outputs %q, want %q", outputs, want)
	}
	got = s.run(t, nil, path, "version")
	wantCode(t, got, 0)
	wantSaid(t, "version", got.stdout, program)
}

// TestTheActionBuildsWhatRendersOnRequest looks at what the compiler is told.
func TestTheActionBuildsWhatRendersOnRequest(t *testing.T) {
	for value, want := range map[string]string{"false": "./cmd/" + program, "true": "./cmd/flink-ha-webhook"} {
		given := map[string]string{"github.action_path": root(), "runner.temp": t.TempDir(), "inputs.render": value}
		s := newSandbox(t, nil)
		s.play(t, "go", "")
		got, outputs := s.perform(t, theAction(t), "Build", given)
		wantCode(t, got, 0)
		wantSaid(t, "go", s.calledWith(t, "go"), want)
		wantSaid(t, "the outputs", outputs, filepath.Base(want)+"\n")
	}
	given := map[string]string{"github.action_path": root(), "runner.temp": t.TempDir(), "inputs.render": "yes"}
	got, _ := newSandbox(t, nil).perform(t, theAction(t), "Build", given)
	wantCode(t, got, unanswered)
}

// TestTheActionSetsUpGoOnlyWhereItIsMissing looks at the step that says so, and at who asks it.
func TestTheActionSetsUpGoOnlyWhereItIsMissing(t *testing.T) {
	found := theAction(t)
	if condition := found.step(t, "Set up Go").If; condition != "steps.go.outputs.found != 'true'" || found.step(t, "Look for Go").ID != "go" {
		t.Errorf("Go is set up if %s", condition)
	}
	for name, tc := range map[string]struct{ script, want string }{
		"a Go that fetches another": {"echo auto\n", "found=true\n"},
		"a Go that cannot":          {"echo\n", "found=false\n"},
		"no Go":                     {"exit 127\n", "found=false\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t, nil)
			s.play(t, "go", tc.script)
			got, outputs := s.perform(t, found, "Look for Go", nil)
			wantCode(t, got, 0)
			if outputs != tc.want {
				t.Errorf("got %q, want %q", outputs, tc.want)
			}
		})
	}
}

func TestTheActionChecks(t *testing.T) {
	found := theAction(t)
	for name, tc := range map[string]struct {
		inputs     map[string]string
		want       int
		wantStdout string
	}{
		"everything":           {nil, refused, "::error file=deploy/clicks.yaml,line="},
		"what is right":        {map[string]string{"paths": "right"}, nothingRefused, ""},
		"several paths":        {map[string]string{"paths": "right\n\ndeploy\n"}, refused, "::error file=deploy/clicks.yaml,line="},
		"what is not there":    {map[string]string{"paths": "nowhere"}, unanswered, ""},
		"a path with a dash":   {map[string]string{"paths": "-n.yaml"}, refused, "::error file=-n.yaml,line="},
		"a path with a blank":  {map[string]string{"paths": "with blank/$(touch broken-out).yaml"}, nothingRefused, ""},
		"without failing":      {map[string]string{"fail-on": "never"}, nothingRefused, "::error file=deploy/clicks.yaml,line="},
		"warnings too":         {map[string]string{"fail-on": "warn", "paths": "warned.yaml"}, refused, "::warning file=warned.yaml,line="},
		"a policy":             {map[string]string{"policy": "policy.yaml"}, nothingRefused, ""},
		"no such policy":       {map[string]string{"policy": "nowhere.yaml"}, unanswered, ""},
		"a baseline":           {map[string]string{"baseline": "baseline.json"}, nothingRefused, ""},
		"a version":            {map[string]string{"flink-version": "new"}, unanswered, ""},
		"further arguments":    {map[string]string{"args": "--namespace-labels\nflink-ha.dev/enforce=off\n"}, nothingRefused, "::warning "},
		"a namespace":          {map[string]string{"namespace": "batch", "args": "--namespace-labels=batch:flink-ha.dev/enforce=off"}, nothingRefused, ""},
		"a command as a path":  {map[string]string{"paths": "\"; touch broken-out; \"\n`touch broken-out`\n$(touch broken-out)"}, unanswered, ""},
		"a command as a value": {map[string]string{"namespace": "$(touch broken-out)\"; touch broken-out #"}, refused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t, map[string]string{
				"deploy/clicks.yaml": bad, "right/clicks.yaml": good, "with blank/$(touch broken-out).yaml": good, "-n.yaml": bad,
				"warned.yaml": strings.ReplaceAll(good, "state.checkpoints.dir", "some.key"),
				"policy.yaml": "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\ndefaults: {enforce: \"off\", warn: \"off\"}\n",
			})
			wantCode(t, s.run(t, nil, filepath.Join(built, program), "check", "--write-baseline", "baseline.json", "."), nothingRefused)
			given := map[string]string{"steps.build.outputs.program": filepath.Join(built, program)}
			for input, value := range tc.inputs {
				given["inputs."+input] = value
			}
			got, outputs := s.perform(t, found, "Check", given)
			wantCode(t, got, tc.want)
			wantSaid(t, "the output", got.stdout, tc.wantStdout)
			if want := "exit-code=" + string(rune('0'+tc.want)) + "\n"; outputs != want {
				t.Errorf("got the outputs %q, want %q", outputs, want)
			}
			if _, err := os.Stat(filepath.Join(s.repository, "broken-out")); err == nil {
				t.Error("what was given was run")
			}
		})
	}
}

func TestTheActionWritesSARIF(t *testing.T) {
	s := newSandbox(t, map[string]string{"clicks.yaml": bad})
	got, _ := s.perform(t, theAction(t), "Check", map[string]string{"steps.build.outputs.program": filepath.Join(built, program), "inputs.sarif-file": "flink ha.sarif"})
	wantCode(t, got, refused)
	wantSaid(t, "the annotations", got.stdout, "::error file=clicks.yaml,line=")
	text, err := os.ReadFile(filepath.Join(s.repository, "flink ha.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Version string }
	if err := json.Unmarshal(text, &report); err != nil || report.Version != "2.1.0" {
		t.Errorf("got version %q, %v", report.Version, err)
	}
}

// TestTheExampleForGitHubFitsTheAction compares the workflow with the inputs that there are.
func TestTheExampleForGitHubFitsTheAction(t *testing.T) {
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	decodeLoosely(t, shipped(t, "docs", "ci", "github.yml"), &workflow)
	found, used := theAction(t), false
	for _, step := range workflow.Jobs["flink-ha"].Steps {
		if !strings.HasPrefix(step.Uses, strings.TrimPrefix(module, "github.com/")+"@v") {
			continue
		}
		used = true
		for name := range step.With {
			if _, ok := found.Inputs[name]; !ok {
				t.Errorf("the action has no input %s", name)
			}
		}
	}
	if !used {
		t.Error("the workflow does not use the action")
	}
}
