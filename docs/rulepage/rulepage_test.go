package rulepage_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/docs/rulepage"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestThePagesAreCurrent compares docs/rules with what would be generated.
func TestThePagesAreCurrent(t *testing.T) {
	const directory = "../rules"
	want, err := rulepage.Pages(validation.Rules())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(directory, name))
		if err != nil || string(got) != text {
			t.Errorf("%s is stale (%v): run `make generate`", name, err)
		}
	}
	files, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, known := want[file.Name()]; !known {
			t.Errorf("%s is about no rule: run `make generate`", file.Name())
		}
	}
}

// made is a rule that nobody has.
func made() validation.Rule {
	return validation.Rule{
		ID: "made-up", Level: policy.LevelStrict, Introduced: "v0.2", Versions: flink.VersionBefore(1, 17),
		On: []validation.Kind{validation.OfConfiguration, validation.OfDeletion}, Modes: []flink.Mode{flink.ModeNone, flink.ModeZooKeeper},
		Summary: "Something is *wrong* with <it>.", Why: strings.Repeat("It costs $5 and a word. ", 8), Remedy: "Write s3://<bucket>/<path>.", Source: "nobody",
		Example: validation.Example{Wrong: "a: 1\n---\nb: 2\n", Right: "a: 2\n", Before: "a: 0\n", Prefixes: []string{"s3://x/"}},
	}
}

func TestMarkdown(t *testing.T) {
	sheet := rulepage.Of(made())
	sheet.Answer = &rulepage.Answer{Verdict: admission.VerdictDeny, Message: "no\n* [made-up] *", Warnings: []string{"one", "two"}}
	got := sheet.Markdown()
	for _, want := range []string{
		"# made-up\n\nSomething is \\*wrong\\* with \\<it>.\n",
		"| Level | strict |\n| Rule set | since v0.2 |\n| Flink | before 1.17 |\n| Applies to | configuration in ConfigMaps; custom resources that are deleted |\n" +
			"| High availability | off, ZooKeeper |\n",
		"## Why it matters\n\nIt costs \\$5",
		"The policy allows:\n\n```yaml\nstorage: {allowedPrefixes: [s3://x/]}\n```\n\nWhat is there:\n\n```yaml\na: 0\n```\n\n" +
			"It is changed to; what follows the first document is there already:\n\n```yaml\na: 1\n---\nb: 2\n```\n",
		"```text\nno\n* [made-up] *\nWarning: one\nWarning: two\n```\n",
		"## Mended\n\n```yaml\na: 2\n```\n",
		"    exempt.flink-ha.dev/made-up: \"YYYY-MM-DD reason\"\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant in it\n%s", got, want)
		}
	}
}

func TestText(t *testing.T) {
	sheet := rulepage.Of(made())
	got := sheet.Text()
	for _, want := range []string{
		"made-up\n  Something is *wrong* with <it>.\n\n  Level ",
		"\n  Flink              before 1.17\n",
		"It is changed to; what follows the first document is there already:\n  a: 1\n  ---\n  b: 2\n\nMended\n  a: 2\n",
		"\nMore\n  https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/made-up.md\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant in it\n%s", got, want)
		}
	}
	for line := range strings.Lines(got) {
		if len(line) > 103 {
			t.Errorf("this line is %d columns long: %s", len(line), line)
		}
	}
}

func TestTable(t *testing.T) {
	other := made()
	other.ID, other.Versions, other.Level = "x", flink.Version{}, policy.LevelBaseline
	want := "RULE     LEVEL     SINCE  FLINK        WHAT IS WRONG\n" +
		"made-up  strict    v0.2   before 1.17  Something is *wrong* with <it>.\n" +
		"x        baseline  v0.2   all          Something is *wrong* with <it>.\n"
	if got := rulepage.Table([]validation.Rule{made(), other}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestSheets looks at every rule of the catalogue: what it applies to has a name, and the guard says something of its example.
func TestSheets(t *testing.T) {
	for _, rule := range validation.Rules() {
		sheet, err := rulepage.Explain(rule)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, kind := range sheet.AppliesTo {
			if kind == "" {
				t.Errorf("%s applies to something without a name", rule.ID)
			}
		}
		if sheet.Answer.Message == "" && len(sheet.Answer.Warnings) == 0 {
			t.Errorf("the guard says nothing of the wrong example of %s", rule.ID)
		}
		if _, err := json.Marshal(sheet); err != nil {
			t.Errorf("%s: %v", rule.ID, err)
		}
	}
}
