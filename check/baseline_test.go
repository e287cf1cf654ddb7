package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// found is a finding about an option, with a value unless that is "".
func found(action policy.Action, rule, option, value string) Finding {
	violation := validation.Violation{Option: option, Setting: option}
	if value != "" {
		violation.Found = &value
	}
	return Finding{Judged: admission.Judged{Finding: validation.Finding{Rule: rule, Violation: violation}, Action: action}}
}

// configMap is an object with findings, and the verdict that they are worth.
func configMap(name string, verdict admission.Verdict, findings ...Finding) Object {
	return Object{APIVersion: "v1", Kind: "ConfigMap", Namespace: "streaming", Name: name, Verdict: verdict, Findings: findings}
}

// reportOf counts some objects.
func reportOf(objects ...Object) *Report {
	report := &Report{Objects: objects}
	for i := range objects {
		report.Summary.count(objects[i].Verdict)
	}
	return report
}

// recorded is a baseline as it is read back from its file.
func recorded(t *testing.T, report *Report) *Baseline {
	t.Helper()
	text, err := NewBaseline(report).Encode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadBaseline(text)
	if err != nil {
		t.Fatalf("reading what was written: %v\n%s", err, text)
	}
	return b
}

func TestBaselineExcusesWhatItHas(t *testing.T) {
	storage := func(value string) Finding {
		return found(policy.ActionDeny, "storage-dir-invalid", "high-availability.storageDir", value)
	}
	moved := storage("file:/tmp")
	moved.Place = manifest.Place{File: "elsewhere.yaml", Line: 99, Column: 3}
	renamed := storage("file:/tmp")
	renamed.Setting = "high-availability.zookeeper.storageDir"
	warned := storage("file:/tmp")
	warned.Action = policy.ActionWarn
	before := reportOf(configMap("orders", admission.VerdictDeny, storage("file:/tmp")))
	for sentence, tc := range map[string]struct {
		now  Object
		want admission.Verdict
	}{
		"the same":                               {configMap("orders", admission.VerdictDeny, storage("file:/tmp")), admission.VerdictAllow},
		"on another line of another file":        {configMap("orders", admission.VerdictDeny, moved), admission.VerdictAllow},
		"by another key of the option":           {configMap("orders", admission.VerdictDeny, renamed), admission.VerdictAllow},
		"at another level":                       {configMap("orders", admission.VerdictWarn, warned), admission.VerdictAllow},
		"another value":                          {configMap("orders", admission.VerdictDeny, storage("file:/var")), admission.VerdictDeny},
		"no value":                               {configMap("orders", admission.VerdictDeny, storage("")), admission.VerdictDeny},
		"another object":                         {configMap("clicks", admission.VerdictDeny, storage("file:/tmp")), admission.VerdictDeny},
		"another rule":                           {configMap("orders", admission.VerdictDeny, found(policy.ActionDeny, "storage-dir-missing", "high-availability.storageDir", "file:/tmp")), admission.VerdictDeny},
		"once more than before":                  {configMap("orders", admission.VerdictDeny, storage("file:/tmp"), storage("file:/tmp")), admission.VerdictDeny},
		"beside a warning that is new":           {configMap("orders", admission.VerdictDeny, storage("file:/tmp"), found(policy.ActionWarn, "image-moves", "", "")), admission.VerdictWarn},
		"beside what is only audited":            {configMap("orders", admission.VerdictDeny, storage("file:/tmp"), found(policy.ActionAudit, "image-moves", "", "")), admission.VerdictAllow},
		"a refusal of another kind stays":        {Object{Kind: "ConfigMap", Namespace: "streaming", Name: "orders", Verdict: admission.VerdictDeny, Refusal: "held", Findings: []Finding{storage("file:/tmp")}}, admission.VerdictDeny},
		"a note stays a warning":                 {Object{Kind: "ConfigMap", Namespace: "streaming", Name: "orders", Verdict: admission.VerdictDeny, Notes: []string{"note"}, Findings: []Finding{storage("file:/tmp")}}, admission.VerdictWarn},
		"an object that is skipped stays so":     {configMap("orders", admission.VerdictSkip), admission.VerdictSkip},
		"an object without findings is admitted": {configMap("orders", admission.VerdictAllow), admission.VerdictAllow},
	} {
		t.Run(sentence, func(t *testing.T) {
			report := reportOf(tc.now)
			recorded(t, before).Excuse(report)
			if got := report.Objects[0].Verdict; got != tc.want {
				t.Errorf("got the verdict %q, want %q", got, tc.want)
			}
			want := Summary{}
			want.count(tc.want)
			if diff := cmp.Diff(want, report.Summary); diff != "" {
				t.Errorf("the summary does not fit (-want,+got):\n%s", diff)
			}
			if first := report.Objects[0].Findings; tc.want == admission.VerdictAllow && len(first) > 0 && (first[0].Action != policy.ActionExempt || !first[0].Baseline) {
				t.Errorf("got action %q, baseline %t, want exempt by the baseline", first[0].Action, first[0].Baseline)
			}
		})
	}
}

func TestBaselineTellsWhatIsGone(t *testing.T) {
	before := reportOf(
		configMap("orders", admission.VerdictDeny, found(policy.ActionDeny, "b-rule", "", ""), found(policy.ActionDeny, "a-rule", "some.option", "x"), found(policy.ActionDeny, "a-rule", "some.option", "x")),
		Object{Name: "flink-conf.yaml", Place: manifest.Place{File: "image/flink-conf.yaml"}, Verdict: admission.VerdictDeny, Findings: []Finding{found(policy.ActionDeny, "b-rule", "", "")}},
	)
	var got []string
	for _, entry := range recorded(t, before).Excuse(reportOf(configMap("orders", admission.VerdictDeny, found(policy.ActionDeny, "a-rule", "some.option", "x")))) {
		got = append(got, entry.String())
	}
	want := []string{"b-rule of image/flink-conf.yaml", "a-rule (some.option) of ConfigMap streaming/orders", "b-rule of ConfigMap streaming/orders"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestABareFileIsTheSameHoweverItsPathIsWritten(t *testing.T) {
	in := func(file string) *Report {
		return reportOf(Object{
			Name: "flink-conf.yaml", Place: manifest.Place{File: file}, Verdict: admission.VerdictDeny, Findings: []Finding{found(policy.ActionDeny, "b-rule", "", "")},
		})
	}
	known := NewBaseline(in("image/flink-conf.yaml"))
	for file, want := range map[string]admission.Verdict{
		"./image/flink-conf.yaml": admission.VerdictAllow, "image//flink-conf.yaml": admission.VerdictAllow, "other/flink-conf.yaml": admission.VerdictDeny,
	} {
		report := in(file)
		known.Excuse(report)
		if got := report.Objects[0].Verdict; got != want {
			t.Errorf("%s: got the verdict %s, want %s", file, got, want)
		}
	}
}

func TestBaselineIsSortedAndHasNoSecrets(t *testing.T) {
	text, err := NewBaseline(reportOf(
		configMap("orders", admission.VerdictDeny,
			found(policy.ActionDeny, "z-rule", "s3.secret-key", "hunter2"), found(policy.ActionDeny, "z-rule", "s3.secret-key", "hunter2"),
			found(policy.ActionWarn, "a-rule", "some.option", "value"), found(policy.ActionAudit, "audited", "", ""), found(policy.ActionExempt, "exempt", "", "")),
		configMap("clicks", admission.VerdictWarn, found(policy.ActionWarn, "a-rule", "", "a whole line: hunter2")),
	)).Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "apiVersion": "flink-ha.dev/v1alpha1",
  "kind": "CheckBaseline",
  "findings": [
    {"kind":"ConfigMap","namespace":"streaming","name":"clicks","rule":"a-rule"},
    {"kind":"ConfigMap","namespace":"streaming","name":"orders","rule":"a-rule","option":"some.option","value":"1381b20836ad"},
    {"kind":"ConfigMap","namespace":"streaming","name":"orders","rule":"z-rule","option":"s3.secret-key","count":2}
  ]
}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestBaselineHashesNoPasswordOfAURI(t *testing.T) {
	with := func(value string) *Report {
		return reportOf(configMap("orders", admission.VerdictDeny, found(policy.ActionDeny, "a-rule", "some.option", value)))
	}
	report := with("s3://user:one@bucket/path")
	if gone := recorded(t, with("s3://user:other@bucket/path")).Excuse(report); len(gone) > 0 {
		t.Errorf("the hash depends on the password: %v", gone)
	}
}

func TestReadBaselineRefusesWhatIsNone(t *testing.T) {
	const begin = `{"apiVersion":"flink-ha.dev/v1alpha1","kind":"CheckBaseline"`
	for sentence, tc := range map[string]struct{ text, want string }{
		"nothing":                    {"", "it is no baseline: EOF"},
		"YAML":                       {"kind: CheckBaseline", "it is no baseline: invalid character"},
		"another kind":               {`{"apiVersion":"v1","kind":"List"}`, `it has apiVersion "v1" and kind "List"`},
		"a field that is not there":  {begin + `,"finding":[]}`, `unknown field "finding"`},
		"another one of a finding":   {begin + `,"findings":[{"rule":"a","line":3}]}`, `unknown field "line"`},
		"a finding without its rule": {begin + `,"findings":[{"kind":"ConfigMap"}]}`, "findings[0] has no rule"},
		"less than none":             {begin + `,"findings":[{"rule":"a","count":-1}]}`, "findings[0].count is -1, needs 1 or more"},
		"a second one":               {begin + "}\n{}", "there is something after its end"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := ReadBaseline([]byte(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	if b, err := ReadBaseline([]byte(begin + "}")); err != nil || b.Len() != 0 {
		t.Errorf("a baseline without findings: got %v, %v", b, err)
	}
}
