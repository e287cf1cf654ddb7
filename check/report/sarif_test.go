package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// The library has the published schema built in. It judges what it reads, without what it has no field for: that nothing is lost
// is looked at apart.
func TestSARIFHasThePublishedSchema(t *testing.T) {
	for name, report := range map[string]*check.Report{"nothing": {}, "files": deployReport(t), "hostile": hostileReport()} {
		t.Run(name, func(t *testing.T) {
			text := asSARIF(t, report)
			read, err := sarif.FromBytes(text)
			if err != nil {
				t.Fatal(err)
			}
			if err := read.Validate(); err != nil {
				t.Errorf("got what the schema forbids: %v", err)
			}
			again, err := json.Marshal(read)
			if err != nil {
				t.Fatal(err)
			}
			for _, lost := range lacks(decoded(t, text), decoded(t, again), "") {
				t.Errorf("got %s, which SARIF does not have", lost)
			}
		})
	}
}

func TestSARIFThatIsWrongIsNoticed(t *testing.T) {
	log := string(asSARIF(t, deployReport(t)))
	cases := map[string]struct{ old, wrong string }{
		"a level":         {`"level": "error"`, `"level": "deny"`},
		"no message":      {`"message": {`, `"massage": {`},
		"a line":          {`"startLine": `, `"startLine": -`},
		"an address":      {`"uri": "testdata/`, `"uri": "%%testdata/`},
		"a suppression":   {`"kind": "inSource"`, `"kind": "annotation"`},
		"an invocation":   {`"executionSuccessful": false`, `"finished": false`},
		"a field too new": {`"columnKind"`, `"columnUnit"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(log, tc.old) {
				t.Fatalf("got no %s to make wrong", tc.old)
			}
			text := []byte(strings.ReplaceAll(log, tc.old, tc.wrong))
			read, err := sarif.FromBytes(text)
			if err != nil {
				return
			}
			again, err := json.Marshal(read)
			if err != nil {
				t.Fatal(err)
			}
			if read.Validate() == nil && len(lacks(decoded(t, text), decoded(t, again), "")) == 0 {
				t.Errorf("%s was not noticed", tc.wrong)
			}
		})
	}
}

// lacks lists the fields of one value that another does not have, or has otherwise.
func lacks(want, got any, path string) []string {
	switch want := want.(type) {
	case map[string]any:
		other, ok := got.(map[string]any)
		if !ok {
			return []string{path}
		}
		var lost []string
		for _, field := range slices.Sorted(maps.Keys(want)) {
			lost = append(lost, lacks(want[field], other[field], path+"."+field)...)
		}
		return lost
	case []any:
		other, ok := got.([]any)
		if !ok || len(other) != len(want) {
			return []string{path}
		}
		var lost []string
		for i := range want {
			lost = append(lost, lacks(want[i], other[i], fmt.Sprintf("%s[%d]", path, i))...)
		}
		return lost
	}
	if !cmp.Equal(want, got) {
		return []string{path}
	}
	return nil
}

func TestSARIFResultsSayWhatIsDone(t *testing.T) {
	log := readSARIF(t, hostileReport())
	type result struct{ Rule, Level, Suppression string }
	var got []result
	for _, found := range log.Runs[0].Results {
		this := result{Rule: found.RuleID, Level: found.Level}
		for _, suppression := range found.Suppressions {
			this.Suppression = suppression.Kind + ": " + suppression.Justification
		}
		got = append(got, this)
		if rule := log.Runs[0].Tool.Driver.Rules[found.RuleIndex]; rule.ID != found.RuleID {
			t.Errorf("got the index of %s for %s", rule.ID, found.RuleID)
		}
	}
	want := []result{
		{"storage-dir-missing", "error", ""},
		{"storage-dir-missing", "warning", ""},
		{"storage-dir-missing", "note", ""},
		{"storage-dir-missing", "error", "external: the baseline has it"},
		{"refusal", "error", ""},
		{"note", "warning", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSuppressionsSayWho(t *testing.T) {
	cases := map[string]struct {
		exempt   string
		baseline bool
		want     string
	}{
		"an annotation":            {"", false, "inSource"},
		"the policy":               {"namespace", false, "external"},
		"a baseline":               {"", true, "external"},
		"a baseline, and a policy": {"user", true, "external"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			finding := check.Finding{Baseline: tc.baseline}
			finding.Action = policy.ActionExempt
			got := suppressionsOf(&check.Object{Exempt: tc.exempt}, &finding)
			if len(got) != 1 || got[0].Kind != tc.want {
				t.Errorf("got %+v, want one that is %s", got, tc.want)
			}
		})
	}
}

func TestSARIFNamesFilesAsURIs(t *testing.T) {
	cases := map[string]struct {
		file string
		want sarifArtifact
	}{
		"below the root":           {"deploy/a.yaml", sarifArtifact{URI: "deploy/a.yaml", URIBaseID: "%SRCROOT%"}},
		"with a dot":               {"./deploy//a.yaml", sarifArtifact{URI: "deploy/a.yaml", URIBaseID: "%SRCROOT%"}},
		"blanks, percents, others": {"de ploy/100%/ä?#.yaml", sarifArtifact{URI: "de%20ploy/100%25/%C3%A4%3F%23.yaml", URIBaseID: "%SRCROOT%"}},
		"a colon":                  {"a:b.yaml", sarifArtifact{URI: "./a:b.yaml", URIBaseID: "%SRCROOT%"}},
		"elsewhere":                {"/srv/a.yaml", sarifArtifact{URI: "file:///srv/a.yaml"}},
		"above the root":           {"../a.yaml", sarifArtifact{URI: "../a.yaml"}},
		"standard input":           {"-", sarifArtifact{URI: "stdin", Description: &sarifText{Text: "standard input"}}},
		"a file of that name":      {"./-", sarifArtifact{URI: "-", URIBaseID: "%SRCROOT%"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, artifactOf(tc.file)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFingerprintsStayWhenOtherThingsChange(t *testing.T) {
	before := printsOf(t, deployReport(t))
	cases := map[string]func(*check.Report){
		"lines move": func(r *check.Report) {
			for i := range r.Objects {
				r.Objects[i].Line += 10
			}
			eachFinding(r, func(f *check.Finding) { f.Place.Line += 10; f.Column += 2; f.Position.Line += 10 })
		},
		"values change": func(r *check.Report) {
			other := "another"
			eachFinding(r, func(f *check.Finding) {
				if f.Found != nil {
					f.Found = &other
				}
			})
		},
		"containers come and go": func(r *check.Report) {
			eachFinding(r, func(f *check.Finding) {
				f.Position.Path = strings.ReplaceAll(f.Position.Path, "containers[0]", "containers[1]")
			})
		},
		"objects come in another order": func(r *check.Report) { slices.Reverse(r.Objects) },
		"findings of other rules go": func(r *check.Report) {
			for i := range r.Objects {
				r.Objects[i].Findings = slices.DeleteFunc(r.Objects[i].Findings, func(f check.Finding) bool { return f.Rule == "deprecated-key" })
			}
		},
		"one finding of several of its rule goes": func(r *check.Report) {
			for i := range r.Objects {
				if r.Objects[i].Name == "plain" {
					r.Objects[i].Findings = r.Objects[i].Findings[1:]
				}
			}
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			report := deployReport(t)
			change(report)
			for key, got := range printsOf(t, report) {
				if before[key] != got {
					t.Errorf("%s: got %s, want %s as before", key, got, before[key])
				}
			}
		})
	}
}

func TestFingerprintsTellFindingsOfOneFileApart(t *testing.T) {
	report := deployReport(t)
	// The same object twice in one file, as when somebody copied it.
	report.Objects = append(report.Objects, report.Objects...)
	seen := map[string]bool{}
	alerts := map[string]bool{}
	for _, result := range readSARIF(t, report).Runs[0].Results {
		location := result.Locations[0].Physical
		own := location.Artifact.URI + result.Fingerprints[ownFingerprint]
		if seen[own] {
			t.Errorf("got %s twice: %s", own, result.Message.Text)
		}
		seen[own] = true
		// GitHub computes what is not given from the line.
		alert := fmt.Sprint(result.RuleID, location.Artifact.URI, location.Region.StartLine)
		if given := result.Fingerprints[gitHubFingerprint]; given != "" {
			alert = result.RuleID + location.Artifact.URI + given
		}
		if alerts[alert] {
			t.Errorf("GitHub would take %s for another alert: %s", alert, result.Message.Text)
		}
		alerts[alert] = true
	}
}

func TestSARIFTellsOfProblems(t *testing.T) {
	log := readSARIF(t, deployReport(t))
	invocation := log.Runs[0].Invocations[0]
	if invocation.ExecutionSuccessful || len(invocation.Notifications) != 1 {
		t.Fatalf("got %+v, want one notification of a run that failed", invocation)
	}
	got := invocation.Notifications[0].Locations[0].Physical
	if got.Artifact.URI != "testdata/deploy/unread.yaml" || got.Region.StartLine != 4 {
		t.Errorf("got %+v, want testdata/deploy/unread.yaml:4", got)
	}
	if !readSARIF(t, &check.Report{}).Runs[0].Invocations[0].ExecutionSuccessful {
		t.Error("got a run that failed, want one without problems to be successful")
	}
	quiet, verbose := readSARIF(t, hostileReport()), sarifLog{}
	var out bytes.Buffer
	if err := SARIF(&out, hostileReport(), Options{Verbose: true}); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &verbose); err != nil {
		t.Fatal(err)
	}
	if less, more := len(quiet.Runs[0].Invocations[0].Notifications), len(verbose.Runs[0].Invocations[0].Notifications); more != less+1 {
		t.Errorf("got %d notifications and %d with Verbose, want one more for what is unknown", less, more)
	}
}

func TestSARIFMessagesHaveNoLinksOrPlaceholdersOfUsers(t *testing.T) {
	text := sarifMessage(evil + " s3://flink-ha/{namespace}/").Text
	for _, forbidden := range []string{"](", "{0}", "{namespace}"} {
		if strings.Contains(strings.NewReplacer("{{", "", "}}", "").Replace(text), forbidden) {
			t.Errorf("got %q with %q in it", text, forbidden)
		}
	}
	if !strings.Contains(text, "{{namespace}}") {
		t.Errorf("got %q, want braces doubled", text)
	}
}

func eachFinding(report *check.Report, do func(*check.Finding)) {
	for i := range report.Objects {
		for j := range report.Objects[i].Findings {
			do(&report.Objects[i].Findings[j])
		}
	}
}

// printsOf are the finger prints of results, by what they are about.
func printsOf(t *testing.T, report *check.Report) map[string]string {
	t.Helper()
	prints := map[string]string{}
	var keys []string
	for i := range report.Objects {
		for _, finding := range report.Objects[i].Findings {
			if finding.Repeated {
				continue
			}
			keys = append(keys, report.Objects[i].Kind+"/"+report.Objects[i].Name+" "+finding.Rule+" "+finding.Option)
		}
		for range remarksOf(&report.Objects[i]) {
			keys = append(keys, "")
		}
	}
	for i, result := range readSARIF(t, report).Runs[0].Results {
		prints[keys[i]] = result.Fingerprints[ownFingerprint]
	}
	return prints
}

func asSARIF(t *testing.T, report *check.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := SARIF(&out, report, Options{Version: "v1.2.3"}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readSARIF(t *testing.T, report *check.Report) sarifLog {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal(asSARIF(t, report), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
