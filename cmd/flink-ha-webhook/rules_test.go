package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/docs/rulepage"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// runRules runs the command.
func runRules(t *testing.T, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"rules"}, arguments...), &out, &err)
	return code, out.String(), err.String()
}

func TestRules(t *testing.T) {
	for sentence, tc := range map[string]struct {
		arguments  []string
		wantCode   int
		wantStdout string // its beginning
		wantStderr string
	}{
		"the list":             {wantStdout: "RULE "},
		"the list in Markdown": {arguments: []string{"-o", "markdown"}, wantStdout: "# Rules\n"},
		"the list as JSON":     {arguments: []string{"-o", "json"}, wantStdout: "{\n  \"apiVersion\": \"flink-ha.dev/v1alpha1\",\n  \"kind\": \"RuleCatalogue\",\n"},
		"a rule":               {arguments: []string{"storage-dir-missing"}, wantStdout: "storage-dir-missing\n  High availability is on, "},
		"a rule in Markdown":   {arguments: []string{"storage-dir-missing", "-o", "markdown"}, wantStdout: "# storage-dir-missing\n"},
		"a rule as JSON":       {arguments: []string{"-o=json", "storage-dir-missing"}, wantStdout: "{\n  \"id\": \"storage-dir-missing\",\n  \"level\": \"baseline\",\n"},
		"a rule that is misspelt": {
			arguments: []string{"storagedir-missing"}, wantCode: offline.ExitUnanswered,
			wantStderr: "error: there is no rule \"storagedir-missing\", did you mean storage-dir-missing?\nsee flink-ha-webhook rules\n",
		},
		"no rule at all": {
			arguments: []string{"x"}, wantCode: offline.ExitUnanswered, wantStderr: "error: there is no rule \"x\"\nsee flink-ha-webhook rules\n",
		},
		"another form": {
			arguments: []string{"-o", "yaml"}, wantCode: offline.ExitUnanswered, wantStderr: "error: --output is \"yaml\", needs text, markdown or json\n",
		},
		"two rules": {
			arguments: []string{"a", "b"}, wantCode: offline.ExitUnanswered, wantStderr: "error: accepts at most 1 arg(s), received 2\n",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			code, stdout, stderr := runRules(t, tc.arguments...)
			if code != tc.wantCode || !strings.HasPrefix(stdout, tc.wantStdout) || tc.wantStdout == "" && stdout != "" || stderr != tc.wantStderr {
				t.Errorf("got %d\nstdout: %s\nstderr: %s", code, stdout, stderr)
			}
		})
	}
}

// TestRulesAsJSON reads the offline.Catalogue back.
func TestRulesAsJSON(t *testing.T) {
	_, stdout, _ := runRules(t, "-o", "json")
	var all offline.Catalogue
	if err := json.Unmarshal([]byte(stdout), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Rules) != len(validation.Rules()) || all.RuleSet == "" {
		t.Errorf("got %d rules of the set %q, want %d", len(all.Rules), all.RuleSet, len(validation.Rules()))
	}
	_, stdout, _ = runRules(t, "-o", "json", all.Rules[0].ID)
	var one rulepage.Sheet
	if err := json.Unmarshal([]byte(stdout), &one); err != nil {
		t.Fatal(err)
	}
	if one.Answer == nil || one.Why == "" || one.Example.Wrong == "" {
		t.Errorf("got %+v", one)
	}
}

// TestAPageAndTheCommandSayTheSame compares a page of docs/rules with the command's Markdown.
func TestAPageAndTheCommandSayTheSame(t *testing.T) {
	page, err := os.ReadFile("../../docs/rules/storage-dir-missing.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, stdout, _ := runRules(t, "-o", "markdown", "storage-dir-missing"); !strings.HasSuffix(string(page), "\n\n"+stdout) {
		t.Errorf("the page has\n%s\nthe command says\n%s", page, stdout)
	}
}

// TestRuleIDsAreCompleted is what a shell gets for the first argument.
func TestRuleIDsAreCompleted(t *testing.T) {
	var out, stderr bytes.Buffer
	if code := run(t.Context(), []string{"__complete", "rules", "storage-dir-m"}, &out, &stderr); code != offline.ExitOK || !strings.Contains(out.String(), "storage-dir-missing\n") {
		t.Errorf("got %d: %s%s", code, &out, &stderr)
	}
}

// TestTheTranscriptOfRulesIsTrue runs the command that the README shows and compares what is printed.
func TestTheTranscriptOfRulesIsTrue(t *testing.T) {
	transcript := strings.ReplaceAll("\n"+strings.TrimSpace(block(t, "transcript of rules")), "\n    ", "\n")
	command, want, _ := strings.Cut(strings.TrimSpace(transcript), "\n")
	arguments, ok := strings.CutPrefix(command, "$ flink-ha-webhook rules ")
	if !ok {
		t.Fatalf("the transcript begins with %q", command)
	}
	if code, stdout, stderr := runRules(t, strings.Fields(arguments)...); code != offline.ExitOK || strings.TrimSpace(stdout) != want {
		t.Errorf("got %d\n%s%swant\n%s", code, stdout, stderr, want)
	}
}
