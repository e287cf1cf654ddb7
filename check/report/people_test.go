package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

var updatePeople = flag.Bool("update-people", false, "write testdata/people again")

func TestPeopleReadTheSameEveryTime(t *testing.T) {
	for _, tc := range []struct {
		file    string
		report  *check.Report
		options Options
	}{
		{"text", peopleReport(), Options{}},
		{"text-verbose", peopleReport(), Options{Verbose: true, Program: "flink-ha-check"}},
		{"text-quiet", peopleReport(), Options{Quiet: true, Verbose: true}},
		{"text-colour", peopleReport(), Options{Colour: true, Verbose: true}},
		{"github", peopleReport(), Options{}},
		{"github-quiet", peopleReport(), Options{Quiet: true}},
		{"junit", peopleReport(), Options{}},
		{"text-cluster", liveReport(), Options{Verbose: true}},
		{"github-cluster", liveReport(), Options{}},
		{"junit-cluster", liveReport(), Options{}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			form, _, _ := strings.Cut(tc.file, "-")
			got := written(t, form, tc.report, tc.options)
			if again := written(t, form, tc.report, tc.options); again != got {
				t.Errorf("a second time it is another text:\n%s", cmp.Diff(got, again))
			}
			file := filepath.Join("testdata", "people", tc.file+".golden")
			if *updatePeople {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s differs; if it is meant to, go test ./check/report -update-people (-want +got):\n%s", file, diff)
			}
			if strings.Contains(got, "hunter2") {
				t.Errorf("got a secret in it: %s", got)
			}
		})
	}
}

func TestWhatOneRuleMissesInOnePlaceIsSaidOnce(t *testing.T) {
	missing := func(rule, setting string) check.Finding {
		violation := validation.Violation{Setting: setting, Position: flink.Position{Path: `data["flink-conf.yaml"]`}}
		return check.Finding{Judged: found(rule, policy.ActionDeny, violation), Place: at("a.yaml", 7, 5), Missing: true, Line: "    a: b", Caret: 5}
	}
	report := &check.Report{
		Objects: []check.Object{{
			Place: at("a.yaml", 1, 1), Kind: "ConfigMap", Name: "a", Verdict: admission.VerdictDeny,
			Findings: []check.Finding{
				missing("high-availability-off", "high-availability.type"), missing("high-availability-off", "kubernetes.cluster-id"),
				missing("checkpoint-dir-missing", "state.checkpoints.dir"),
			},
		}},
		Summary: check.Summary{Objects: 1, Deny: 1},
	}
	const want = `a.yaml
  7:5  deny     ConfigMap a  [high-availability-off]
      data["flink-conf.yaml"]: high-availability.type is not set
      data["flink-conf.yaml"]: kubernetes.cluster-id is not set
      7 | a: b
        | ^ belongs here
      see https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/high-availability-off.md
  7:5  deny     ConfigMap a  [checkpoint-dir-missing]
      data["flink-conf.yaml"]: state.checkpoints.dir is not set
      7 | a: b
        | ^ belongs here
      see https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/checkpoint-dir-missing.md

1 object: 1 would be refused
`
	got, _, _ := strings.Cut(written(t, "text", report, Options{}), "flink-ha-webhook rules")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the text differs (-want +got):\n%s", diff)
	}
}

// written is a report in a form.
func written(t *testing.T, form string, report *check.Report, options Options) string {
	t.Helper()
	for _, format := range Formats() {
		if format.Name != form {
			continue
		}
		var out bytes.Buffer
		if err := format.Write(&out, report, options); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	t.Fatalf("there is no form %q", form)
	return ""
}

func TestTextCountsObjectsInWords(t *testing.T) {
	for name, tc := range map[string]struct {
		summary check.Summary
		options Options
		want    string
	}{
		"nothing":                {check.Summary{}, Options{}, "there are no objects to judge\n"},
		"only others":            {check.Summary{Objects: 2, Skip: 2}, Options{}, "there is nothing for the guard to judge among 2 objects\n"},
		"one that is fine":       {check.Summary{Objects: 1, Allow: 1}, Options{}, "1 object: 1 fine\n"},
		"one other":              {check.Summary{Objects: 3, Allow: 1, Warn: 1, Skip: 1}, Options{}, "2 objects: 1 warned about, 1 fine; 1 other is not the guard's to judge\n"},
		"some of everything":     {check.Summary{Objects: 15, Deny: 1, Warn: 1, Allow: 1, Skip: 12}, Options{}, "3 objects: 1 would be refused, 1 warned about, 1 fine; 12 others are not the guard's to judge\n"},
		"nothing to be quiet of": {check.Summary{Objects: 2, Warn: 1, Allow: 1}, Options{Quiet: true}, ""},
		"refused, quiet":         {check.Summary{Objects: 1, Deny: 1}, Options{Quiet: true}, "1 object: 1 would be refused\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := written(t, "text", &check.Report{Summary: tc.summary}, tc.options); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTheCaretStandsUnderTheColumn(t *testing.T) {
	for name, tc := range map[string]struct {
		line          string
		column        int
		shown, before string
	}{
		"plain":                       {"key: value", 6, "key: value", "     "},
		"indented":                    {"    key: value", 10, "key: value", "     "},
		"at the first character":      {"    key: value", 5, "key: value", ""},
		"within the indentation":      {"    key: value", 3, "  key: value", ""},
		"behind a tab":                {"\tkey:\tvalue", 7, "key:    value", "        "},
		"behind wide characters":      {"a: \u65e5\u672c x", 7, "a: \u65e5\u672c x", "        "},
		"behind a combining mark":     {"a: e\u0301 x", 7, "a: e\u0301 x", "     "},
		"behind an escape sequence":   {"a: \x1b[31m x", 10, "a: \ufffd[31m x", "         "},
		"behind an invisible one":     {"a: \u202e\u200b x", 7, "a: \ufffd\ufffd x", "      "},
		"behind the end":              {"a: b", 5, "a: b", "    "},
		"behind an emoji":             {"a: \U0001f600 x", 6, "a: \U0001f600 x", "      "},
		"nothing in a line of blanks": {"    ", 3, "", ""},
		"nothing without a column":    {"a: b", 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			shown, before, ok := underlined(tc.line, tc.column)
			if shown != tc.shown || before != tc.before || ok != (tc.shown != "") {
				t.Errorf("got %q under %q, want %q under %q", before, shown, tc.before, tc.shown)
			}
		})
	}
}

func TestWorkflowCommandsAreEscaped(t *testing.T) {
	place := at("./a b,c:d%\n.yaml", 3, 7)
	got := workflowCommand("error", place, "Job x: y, 5%", "first: 10%\r\nsecond, ::third")
	want := "::error file=a b%2Cc%3Ad%25%0A.yaml,line=3,col=7,title=Job x%3A y%2C 5%25::first: 10%25%0D%0Asecond, ::third"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTestsHaveNamesOfTheirOwn(t *testing.T) {
	object := fineWorkload()
	report := &check.Report{Objects: []check.Object{object, object, object}, Summary: check.Summary{Objects: 3, Allow: 3}}
	var read struct {
		Suites []struct {
			Cases []struct {
				Name      string `xml:"name,attr"`
				ClassName string `xml:"classname,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(written(t, "junit", report, Options{})), &read); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, suite := range read.Suites {
		for _, test := range suite.Cases {
			seen[test.ClassName+" "+test.Name] = true
		}
	}
	if len(seen) != 3 {
		t.Errorf("got the names %v, want three", seen)
	}
}

func TestAnErrorOfWritingIsReturned(t *testing.T) {
	full := errors.New("the disk is full")
	for _, form := range []string{"text", "github", "junit"} {
		for _, format := range Formats() {
			if format.Name != form {
				continue
			}
			if err := format.Write(fullDisk{full}, peopleReport(), Options{}); !errors.Is(err, full) {
				t.Errorf("%s: got the error %v, want %v", form, err, full)
			}
		}
	}
}

type fullDisk struct{ err error }

func (d fullDisk) Write([]byte) (int, error) { return 0, d.err }

func TestAnEditShowsNoMoreThanAWord(t *testing.T) {
	for name, tc := range map[string]struct {
		path, value, want string
	}{
		"a name":                   {"/spec/template/spec/serviceAccountName", `"flink"`, `sets /spec/template/spec/serviceAccountName to "flink"`},
		"a boolean":                {"/spec/template/spec/automountServiceAccountToken", `true`, "sets /spec/template/spec/automountServiceAccountToken to true"},
		"a number":                 {"/spec/replicas", `1`, "sets /spec/replicas to 1"},
		"data of a ConfigMap":      {"/data/flink-conf.yaml", `"hunter2"`, "sets /data/flink-conf.yaml"},
		"binary data of one":       {"/binaryData/flink-conf.yaml", `"hunter2"`, "sets /binaryData/flink-conf.yaml"},
		"what secrets are called":  {"/spec/flinkConfiguration/s3.secret-key", `"hunter2"`, "sets /spec/flinkConfiguration/s3.secret-key"},
		"several lines":            {"/spec/x", `"a\nhunter2"`, "sets /spec/x"},
		"an address":               {"/spec/x", `"s3://a:hunter2@b"`, "sets /spec/x"},
		"more than a word":         {"/spec/x", `"` + strings.Repeat("x", 64) + `"`, "sets /spec/x"},
		"an object":                {"/spec/x", `{"y":"hunter2"}`, "sets /spec/x"},
		"nothing":                  {"/spec/x", `null`, "sets /spec/x"},
		"what cannot be read":      {"/spec/x", ``, "sets /spec/x"},
		"a quote in what is shown": {"/spec/x", `"a\"b"`, `sets /spec/x to "a\"b"`},
	} {
		t.Run(name, func(t *testing.T) {
			got := changes([]mutation.Operation{{Op: "add", Path: tc.path, Value: json.RawMessage(tc.value)}})
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
