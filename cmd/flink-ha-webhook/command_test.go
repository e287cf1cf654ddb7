package main

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

func TestRunReturnsExitCodes(t *testing.T) {
	for sentence, tc := range map[string]struct {
		arguments  []string
		wantCode   int
		wantStdout string
		wantStderr string
	}{
		"help on its own":       {wantCode: offline.ExitOK, wantStdout: "keeps Apache Flink on Kubernetes highly available"},
		"help of a command":     {arguments: []string{"serve", "--help"}, wantCode: offline.ExitOK, wantStdout: "--no-cluster"},
		"the version":           {arguments: []string{"version"}, wantCode: offline.ExitOK, wantStdout: "flink-ha-webhook "},
		"completion":            {arguments: []string{"completion", "bash"}, wantCode: offline.ExitOK, wantStdout: "bash completion"},
		"an unknown output":     {arguments: []string{"version", "-o", "xml"}, wantCode: offline.ExitUnanswered, wantStderr: "error: --output is \"xml\", needs text or json\n"},
		"a flag without value":  {arguments: []string{"version", "-o"}, wantCode: offline.ExitUnanswered, wantStderr: "error: flag needs an argument: 'o' in -o\nsee flink-ha-webhook version --help\n"},
		"a value of wrong type": {arguments: []string{"serve", "--leader-elect=perhaps"}, wantCode: offline.ExitUnanswered, wantStderr: "error: invalid argument \"perhaps\" for \"--leader-elect\" flag"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), tc.arguments, &stdout, &stderr)
			if code != tc.wantCode || !strings.Contains(stdout.String(), tc.wantStdout) || !strings.HasPrefix(stderr.String(), tc.wantStderr) {
				t.Errorf("got %d\nstdout: %s\nstderr: %s", code, &stdout, &stderr)
			}
			if code != offline.ExitOK && stdout.Len() > 0 {
				t.Errorf("an error writes to stdout: %s", &stdout)
			}
			if code == offline.ExitOK && stderr.Len() > 0 {
				t.Errorf("a success writes to stderr: %s", &stderr)
			}
		})
	}
}

func TestVersionAsJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"version", "-o", "json"}, &stdout, &stderr); code != offline.ExitOK {
		t.Fatalf("got %d: %s", code, &stderr)
	}
	var got offline.VersionInfo
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version == "" || got.GoVersion != runtime.Version() || got.Platform != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("got %+v", got)
	}
}

func TestEveryCommandHasExamples(t *testing.T) {
	var visit func(*cobra.Command)
	visit = func(command *cobra.Command) {
		if command.Short == "" || command.Example == "" {
			t.Errorf("%s has no description or no examples", command.CommandPath())
		}
		for _, below := range command.Commands() {
			visit(below)
		}
	}
	visit(newCommand())
}
