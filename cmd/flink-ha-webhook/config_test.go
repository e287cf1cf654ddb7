package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// runConfig runs the command in a folder with some files.
func runConfig(t *testing.T, files map[string]string, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"config"}, arguments...), &out, &err)
	return code, out.String(), err.String()
}

func TestConfig(t *testing.T) {
	files := map[string]string{
		"flink-conf.yaml": "s3.secret-key: hunter2\nrest.port: 1\n",
		"m/broken.yaml":   "a: [\n---\nb: ]\n",
		"m/config.yaml":   "rest.port:\n",
		"empty/x.yaml":    "# nothing\n",
	}
	const (
		text = "flink-conf.yaml\n  legacy loader (flink-conf.yaml); Flink reads it up to 1.20\n  1:16  s3.secret-key = ******\n  2:12  rest.port = 1\n"
		line = `{"file":"flink-conf.yaml","loader":"legacy","flinkVersion":"1.20","error":null,"settings":[{"key":"s3.secret-key","value":"hunter2",`
	)
	for sentence, tc := range map[string]struct {
		arguments              []string
		wantCode               int
		wantStdout, wantStderr string
	}{
		"text":                   {[]string{"flink-conf.yaml"}, offline.ExitOK, text, ""},
		"text with secrets":      {[]string{"--show-secrets", "flink-conf.yaml"}, offline.ExitOK, strings.Replace(text, "******", "hunter2", 1), ""},
		"JSON":                   {[]string{"-o", "json", "--flink-version", "v1_20", "flink-conf.yaml"}, offline.ExitOK, line, ""},
		"nothing there":          {[]string{"empty"}, offline.ExitOK, "there is no Flink configuration in what was given\n", ""},
		"nothing there, as JSON": {[]string{"-o", "json", "empty"}, offline.ExitOK, "", ""},
		"what Flink refuses":     {[]string{"m/config.yaml"}, offline.ExitOK, "m/config.yaml\n", ""},
		"what cannot be read": {
			[]string{"m", "missing"},
			offline.ExitUnanswered, "m/config.yaml\n",
			"error: m/broken.yaml:2:1: this is not YAML: there is no value where one must be; check quotes, brackets and indentation\n" +
				"error: m/broken.yaml:3:4: this is not YAML: this bracket closes nothing\n" +
				"error: missing: no such file or directory\n",
		},
		"no arguments":     {nil, offline.ExitUnanswered, "", "error: there is nothing to read: name files or folders, or - for standard input\n"},
		"another form":     {[]string{"-o", "xml", "."}, offline.ExitUnanswered, "", "error: --output is \"xml\", needs text or json\n"},
		"no such version":  {[]string{"--flink-version", "1.21", "."}, offline.ExitUnanswered, "", "error: --flink-version: there is no Flink 1.21: the versions are 1.0 to 1.20, and 2.0 and later\n"},
		"no version":       {[]string{"--flink-version", "latest", "."}, offline.ExitUnanswered, "", "error: --flink-version: \"latest\" is not a version of Flink: write major.minor or major.minor.patch, such as 1.20 or 1.20.1\n"},
		"an unknown flag":  {[]string{"--colour", "."}, offline.ExitUnanswered, "", "error: unknown flag: --colour\nsee flink-ha-webhook config --help\n"},
		"colour in a file": {[]string{"flink-conf.yaml"}, offline.ExitOK, "flink-conf.yaml\n", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			code, stdout, stderr := runConfig(t, files, tc.arguments...)
			if code != tc.wantCode || !strings.HasPrefix(stdout, tc.wantStdout) || tc.wantStdout == "" && stdout != "" || stderr != tc.wantStderr {
				t.Errorf("got %d\nstdout: %s\nstderr: %s", code, stdout, stderr)
			}
		})
	}
}

// TestConfigReadsStandardInput gives the command what a pipe would.
func TestConfigReadsStandardInput(t *testing.T) {
	command := newCommand()
	var stdout bytes.Buffer
	command.SetIn(strings.NewReader("rest.port: 1\n"))
	command.SetOut(&stdout)
	command.SetArgs([]string{"config", "--flink-version=2.1", "-"})
	if err := command.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := "-\n  standard loader (config.yaml); Flink 2.1; taken for a config.yaml: Flink 2.1 reads no other\n  1:12  rest.port = 1\n"; stdout.String() != want {
		t.Errorf("got\n%swant\n%s", &stdout, want)
	}
}

// block is the part of the README between two comments.
func block(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "<!-- "+name+" -->\n")
	inside, _, ended := strings.Cut(rest, "<!-- end of "+name+" -->")
	if !found || !ended {
		t.Fatalf("the README has no %s", name)
	}
	return inside
}

// TestTheREADMEHasTheFlagsOfConfig compares the README with what config takes.
func TestTheREADMEHasTheFlagsOfConfig(t *testing.T) {
	if got, want := block(t, "flags of config"), "```\n"+offline.NewConfigCommand().LocalFlags().FlagUsages()+"```\n"; got != want {
		t.Errorf("the README has\n%s\nwant\n%s", got, want)
	}
}

// TestTheTranscriptOfConfigIsTrue runs the command that the README shows and compares what is printed.
func TestTheTranscriptOfConfigIsTrue(t *testing.T) {
	transcript := strings.ReplaceAll("\n"+strings.TrimSpace(block(t, "transcript of config")), "\n    ", "\n")
	command, want, _ := strings.Cut(strings.TrimSpace(transcript), "\n")
	arguments, ok := strings.CutPrefix(command, "$ flink-ha-webhook ")
	if !ok {
		t.Fatalf("the transcript begins with %q", command)
	}
	t.Chdir("../..")
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), strings.Fields(arguments), &stdout, &stderr); code != offline.ExitOK || strings.TrimSpace(stdout.String()) != want {
		t.Errorf("got %d\n%s%swant\n%s", code, &stdout, &stderr, want)
	}
}
