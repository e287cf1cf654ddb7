package report

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xeipuuv/gojsonschema"

	"github.com/flink-ha/flink-ha-webhook/check"
)

func TestJSONHasItsSchema(t *testing.T) {
	text, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, report := range map[string]*check.Report{"nothing": {}, "files": deployReport(t), "every field, hostile": hostileReport()} {
		t.Run(name, func(t *testing.T) {
			result, err := schema.Validate(gojsonschema.NewBytesLoader(asJSON(t, report)))
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range result.Errors() {
				t.Errorf("got a report that is not what the schema says: %s", problem)
			}
		})
	}
}

func TestEveryFieldOfTheSchemaIsWrittenSometime(t *testing.T) {
	text, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Definitions map[string]struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	report := hostileReport()
	report.Objects[0].Findings[0].Repeated = true
	written := string(asJSON(t, report))
	for name, definition := range schema.Definitions {
		for field := range definition.Properties {
			if !strings.Contains(written, `"`+field+`":`) {
				t.Errorf("%s.%s is in the schema, and in no report", name, field)
			}
		}
	}
}

func TestJSONHasTheFieldsThatUsersRelyOn(t *testing.T) {
	var report map[string]any
	if err := json.Unmarshal(asJSON(t, deployReport(t)), &report); err != nil {
		t.Fatal(err)
	}
	for i, item := range report["objects"].([]any) {
		object := item.(map[string]any)
		for _, field := range []string{"file", "line", "apiVersion", "kind", "namespace", "name", "verdict", "findings", "edits"} {
			if object[field] == nil {
				t.Errorf("object %d: got no %s", i, field)
			}
		}
		for j, item := range object["findings"].([]any) {
			finding := item.(map[string]any)
			for _, field := range []string{"rule", "level", "action", "message", "setting", "needed", "remedy", "file", "line", "column", "docs"} {
				if finding[field] == nil {
					t.Errorf("object %d, finding %d: got no %s", i, j, field)
				}
			}
			if _, ok := finding["found"]; !ok {
				t.Errorf("object %d, finding %d: got no found, want null at least", i, j)
			}
		}
	}
}

func TestEditsInJSONAreThoseOfAdmission(t *testing.T) {
	report := hostileReport()
	var got struct {
		Objects []struct{ Edits []jsonEdit }
	}
	if err := json.Unmarshal(asJSON(t, report), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{`"`, "", "null"}
	for i, edit := range got.Objects[0].Edits {
		if operation := report.Objects[0].Edits[0].Operations[i]; edit.Op != operation.Op || !strings.HasPrefix(string(edit.Value), want[i]) {
			t.Errorf("got %s %s, want %s with a value that begins with %q", edit.Op, edit.Value, operation.Op, want[i])
		}
	}
}

func TestFoundValuesHideSecrets(t *testing.T) {
	cases := map[string]struct{ setting, found, want string }{
		"a path":                      {"high-availability.storageDir", "s3://bucket/ha", "s3://bucket/ha"},
		"the empty value":             {"high-availability.storageDir", "", ""},
		"user and password":           {"high-availability.storageDir", "s3://me:word@bucket/ha", "s3://***@bucket/ha"},
		"a signature":                 {"high-availability.storageDir", "https://host/ha?sig=abc", "https://host/ha?***"},
		"a key for secrets":           {"s3.secret-key", "word", "******"},
		"an exemption with key in it": {"exempt.flink-ha.dev/deprecated-key", "2026-01-31 moved later", "2026-01-31 moved later"},
		"settings in one line":        {`{"high-availability`, `"kubernetes", "s3.secret-key": "word"}`, "******"},
		"settings in another line":    {"high-availability.type", "NONE s3.access-key: word", "******"},
		"a property in it":            {"env.java.opts", "-Djavax.net.ssl.trustStorePassword=word", "******"},
		"a word in a path":            {"high-availability.storageDir", "s3://bucket/tokens/ha", "s3://bucket/tokens/ha"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			finding := check.Finding{}
			finding.Setting, finding.Found = tc.setting, &tc.found
			if diff := cmp.Diff(&tc.want, shownValue(&finding)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := shownValue(&check.Finding{}); got != nil {
		t.Errorf("got %q for no value, want nil", *got)
	}
}

func TestNoPartOfAFindingRepeatsWhatIsHidden(t *testing.T) {
	const line = `"kubernetes", "s3.secret-key": "hunter2"}`
	value := line
	finding := check.Finding{}
	finding.Rule, finding.Setting, finding.Found = "deprecated-key", "high-availability", &value
	finding.Needed, finding.Remedy, finding.Detail = "another key than "+line, "high-availability.type: "+line, line
	report := &check.Report{Objects: []check.Object{{Kind: "ConfigMap", Findings: []check.Finding{finding}}}}
	for name, text := range map[string][]byte{"json": asJSON(t, report), "sarif": asSARIF(t, report)} {
		if bytes.Contains(text, []byte("hunter2")) {
			t.Errorf("got a password in %s:\n%s", name, text)
		}
	}
}

func asJSON(t *testing.T, report *check.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := JSON(&out, report, Options{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
