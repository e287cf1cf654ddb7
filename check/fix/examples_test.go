package fix

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestFixesOfExamplesMend fixes the example of every rule, written in several ways: what a finding promises to mend is gone then, and
// no object is refused for a rule that it was not refused for.
func TestFixesOfExamplesMend(t *testing.T) {
	for form, write := range map[string]func(*testing.T, string) string{
		"as it is": func(_ *testing.T, text string) string { return text },
		"CR LF":    func(_ *testing.T, text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"JSON":     asJSONList,
	} {
		mended := 0
		for _, rule := range validation.Rules() {
			mended += mendExample(t, form+", "+rule.ID, write(t, rule.Example.Wrong))
		}
		if mended < 12 {
			t.Errorf("%s: %d findings were mended, want 12", form, mended)
		}
	}
}

// mendExample fixes a text, and counts the findings that are gone.
func mendExample(t *testing.T, name, text string) int {
	t.Helper()
	inTeam := func(ctx context.Context, sources []manifest.Source) (*check.Report, error) {
		preset := policy.Default()
		return check.Run(ctx, sources, nil, check.Options{Policy: &preset, Now: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Namespace: "team"})
	}
	sources := manifest.Find([]string{folder(t, map[string]string{"f.yaml": text})})
	before, err := inTeam(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(t.Context(), before, sources, inTeam)
	if err != nil {
		t.Fatal(err)
	}
	for _, refused := range plan.Refused {
		if refused.Rule != "" {
			t.Errorf("%s: %s is refused: %s", name, refused.Rule, refused.Reason)
		}
	}
	if len(plan.Files) == 0 {
		return 0
	}
	fixed := plan.Files[0].After
	after, err := inTeam(t.Context(), []manifest.Source{sources[0].Holding(fixed)})
	if err != nil {
		t.Fatal(err)
	}
	was, is := findingsOf(before), findingsOf(after)
	count := 0
	for what, finding := range was {
		if _, still := is[what]; len(finding.Fix) > 0 && still {
			t.Errorf("%s: %s is still there in\n%s", name, what, fixed)
		} else if len(finding.Fix) > 0 {
			count++
		}
	}
	for what, finding := range is {
		if _, there := was[what]; !there && finding.Action == policy.ActionDeny {
			t.Errorf("%s: %s came up in\n%s", name, what, fixed)
		}
	}
	return count
}

// findingsOf are the findings in a report by object, rule and setting.
func findingsOf(report *check.Report) map[string]check.Finding {
	findings := map[string]check.Finding{}
	for i := range report.Objects {
		for _, finding := range report.Objects[i].Findings {
			findings[report.Objects[i].Kind+" "+report.Objects[i].Name+" "+finding.Rule+" "+finding.Setting] = finding
		}
	}
	return findings
}

// asJSONList writes YAML documents as one list in JSON.
func asJSONList(t *testing.T, documents string) string {
	t.Helper()
	var items []any
	for decoder := yaml.NewDecoder(strings.NewReader(documents)); ; {
		var item any
		if err := decoder.Decode(&item); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	text, err := json.MarshalIndent(map[string]any{"apiVersion": "v1", "kind": "List", "items": items}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
