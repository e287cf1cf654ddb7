package check_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// inFolder writes files into a folder of their own, which the test then works in.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func defaults() check.Options {
	preset := policy.Default()
	return check.Options{Policy: &preset, Now: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Namespace: "team"}
}

func run(t *testing.T, options check.Options, stdin io.Reader, arguments ...string) *check.Report {
	t.Helper()
	report, err := check.Run(context.Background(), manifest.Find(arguments), stdin, options)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// said is what a report says, a line for each object, problem and file that was left.
func said(report *check.Report) []string {
	var lines []string
	for i := range report.Objects {
		object := &report.Objects[i]
		line := fmt.Sprintf("%s:%d %s %s", object.File, object.Line, strings.TrimSpace(object.Kind+" "+object.Name), object.Verdict)
		for j := range object.Findings {
			finding := &object.Findings[j]
			line += fmt.Sprintf(" %s@%d:%d", finding.Rule, finding.Place.Line, finding.Place.Column)
		}
		lines = append(lines, line)
	}
	for _, problem := range report.Problems {
		lines = append(lines, "problem "+problem.Error())
	}
	for _, left := range report.Left {
		lines = append(lines, "left "+left.Place.String())
	}
	return lines
}

func wantSaid(t *testing.T, report *check.Report, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, said(report)); diff != "" {
		t.Errorf("what the report says differs (-want +got):\n%s", diff)
	}
}

// faultyConfigMap has one thing wrong, at line 7.
const faultyConfigMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: team}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jobmanager
    high-availability.type: kubernets
    high-availability.storageDir: s3://flink/ha
    kubernetes.cluster-id: orders
`

const faultyBare = `jobmanager.rpc.address: jobmanager
high-availability.type: kubernets
high-availability.storageDir: s3://flink/ha
kubernetes.cluster-id: orders
`

const typeInvalid = "high-availability-type-invalid"

func TestEveryFormOfAnObjectIsJudgedAlike(t *testing.T) {
	indented := func(by string) string {
		return by + strings.ReplaceAll(strings.TrimSuffix(faultyConfigMap, "\n"), "\n", "\n"+by) + "\n"
	}
	const asJSON = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"flink-config","namespace":"team"},"data":{"flink-conf.yaml":"jobmanager.rpc.address: jobmanager\nhigh-availability.type: kubernets\nhigh-availability.storageDir: s3://flink/ha\nkubernetes.cluster-id: orders\n"}}`
	valueInJSON := strings.Index(asJSON, "kubernets") + 1
	for name, tc := range map[string]struct {
		file, text         string
		line               int
		valueLine, valueAt int
	}{
		"YAML":                    {"f.yaml", faultyConfigMap, 1, 7, 29},
		"a name that ends in yml": {"f.yml", faultyConfigMap, 1, 7, 29},
		"comments and empty documents": {
			"f.yaml", "# first\n---\n# nothing\n---\n\n---\n" + faultyConfigMap + "---\n", 7, 13, 29,
		},
		"Windows line ends": {"f.yaml", strings.ReplaceAll(faultyConfigMap, "\n", "\r\n"), 1, 7, 29},
		"a byte order mark": {"f.yaml", "\uFEFF" + faultyConfigMap, 1, 7, 29},
		"JSON":              {"f.json", asJSON, 1, 1, valueInJSON},
		"JSON with a mark":  {"f.json", "\uFEFF" + asJSON, 1, 1, valueInJSON},
		"an untyped list": {
			"f.yaml", "apiVersion: v1\nkind: List\nitems:\n-" + indented("  ")[1:], 4, 10, 31,
		},
		"a typed list": {
			"f.yaml", "apiVersion: v1\nkind: ConfigMapList\nitems:\n-" + strings.Replace(indented("  "), "  apiVersion: v1\n  kind: ConfigMap\n  metadata", " metadata", 1), 4, 8, 31,
		},
		"a list in a list": {
			"f.yaml", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  -" + indented("    ")[3:], 7, 13, 33,
		},
		"behind a document that is somebody else's": {
			"f.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: flink}\n---\n" + faultyConfigMap, 5, 11, 29,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inFolder(t, map[string]string{"in/" + tc.file: tc.text})
			want := fmt.Sprintf("in/%s:%d ConfigMap flink-config deny %s@%d:%d", tc.file, tc.line, typeInvalid, tc.valueLine, tc.valueAt)
			wantSaid(t, run(t, defaults(), nil, "in"), want)
			stdin := strings.Replace(want, "in/"+tc.file, "-", 1)
			wantSaid(t, run(t, defaults(), strings.NewReader(tc.text), "-"), stdin)
		})
	}
}

func TestFoldersAreSearchedAsKubectlDoes(t *testing.T) {
	inFolder(t, map[string]string{
		"in/a.yaml": faultyConfigMap, "in/b/c.yml": faultyConfigMap, "in/.hidden/d.json": "{}", "in/.hidden/e.yaml": faultyConfigMap,
		"in/notes.txt": "{{ not read", "in/..data/f.yaml": "{ not read", "elsewhere/g.yaml": faultyConfigMap,
	})
	if err := os.Symlink("../elsewhere/g.yaml", "in/link.yaml"); err != nil {
		t.Skip("no links here")
	}
	if err := os.Symlink("../elsewhere", "in/folder.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", "in/broken.yaml"); err != nil {
		t.Fatal(err)
	}
	const deny = ":1 ConfigMap flink-config deny " + typeInvalid + "@7:29"
	wantSaid(t, run(t, defaults(), nil, "in", "in/a.yaml", "missing"),
		"in/.hidden/e.yaml"+deny, "in/a.yaml"+deny, "in/b/c.yml"+deny, "in/link.yaml"+deny,
		"problem in/broken.yaml: no such file or directory", "problem missing: no such file or directory")
}

func TestOfAFileWithAMalformedDocumentTheRestIsJudged(t *testing.T) {
	inFolder(t, map[string]string{"f.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [\n---\n" + faultyConfigMap})
	wantSaid(t, run(t, defaults(), nil, "f.yaml"),
		"f.yaml:6 ConfigMap flink-config deny "+typeInvalid+"@12:29",
		"problem f.yaml:5:1: this is not YAML: there is no value where one must be; check quotes, brackets and indentation")
}

func TestTemplatesAreNamedAndLeft(t *testing.T) {
	for name, text := range map[string]string{
		"Helm, no YAML":           "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-config\n",
		"Helm, YAML by chance":    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
		"Helm, a condition":       "{{- if .Values.flink }}\n" + faultyConfigMap + "{{- end }}\n",
		"Jinja":                   "{% if flink %}\n" + faultyConfigMap + "{% endif %}\n",
		"a custom resource":       "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: orders}\nspec:\n  image: {{ .Values.image }}\n",
		"envsubst":                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: flink}\nspec:\n  replicas: ${REPLICAS}\n",
		"a bare file to render":   "jobmanager.rpc.address: {{ address }}\nhigh-availability.type: kubernets\n",
		"a bare Jinja condition":  "jobmanager.rpc.address: jobmanager\n{% if ha %}\nhigh-availability.type: kubernets\n{% endif %}\n",
		"a marker within a value": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b{{ c }}d}\n",
	} {
		t.Run(name, func(t *testing.T) {
			inFolder(t, map[string]string{"t.yaml": text, "good.yaml": faultyConfigMap})
			report := run(t, defaults(), nil, "t.yaml", "good.yaml")
			if len(report.Problems) > 0 || len(report.Left) != 1 || report.Left[0].File != "t.yaml" || report.Left[0].Line == 0 {
				t.Errorf("got the problems %v and left %v, want t.yaml left with a line", report.Problems, report.Left)
			}
			if len(report.Objects) != 1 || report.Summary.Deny != 1 {
				t.Errorf("got %v, want the one object of the other file", said(report))
			}
			strict := defaults()
			strict.StrictInput = true
			if report = run(t, strict, nil, "t.yaml"); len(report.Problems) == 0 || len(report.Left) > 0 {
				t.Errorf("with StrictInput: got the problems %v and left %v, want a problem", report.Problems, report.Left)
			}
		})
	}
}

// TestWhatStandsBesideATemplateIsJudged, but for a part of a chart: there an instruction around it decides whether it is there at all.
func TestWhatStandsBesideATemplateIsJudged(t *testing.T) {
	text := "{{- if .Values.flink }}\nkind: X\n{{- end }}\n---\n" + faultyConfigMap
	inFolder(t, map[string]string{"t.yaml": text, "chart/templates/t.yaml": text})
	got := said(run(t, defaults(), nil, "t.yaml"))
	want := []string{"t.yaml:5 ConfigMap flink-config deny " + typeInvalid + "@11:29", "left t.yaml:1:3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := said(run(t, defaults(), nil, "chart/templates/t.yaml")); len(got) != 1 || !strings.HasPrefix(got[0], "left ") {
		t.Errorf("got %v of a chart's template, want it left", got)
	}
}

func TestWhatOnlyLooksLikeATemplateIsJudged(t *testing.T) {
	text := strings.Replace(faultyConfigMap, "    jobmanager", "    # {{ a comment }} of Prometheus: ${VAR}\n    jobmanager", 1)
	text = strings.Replace(text, "name: flink-config", `name: flink-config, annotations: {about: "{{ $labels.job }}", size: "${SIZE}"}`, 1)
	inFolder(t, map[string]string{"f.yaml": text, "flink-conf.yaml": "# {{ generated }}\n" + faultyBare})
	wantSaid(t, run(t, defaults(), nil, "."),
		"f.yaml:1 ConfigMap flink-config deny "+typeInvalid+"@8:29", "flink-conf.yaml:1 flink-conf.yaml deny "+typeInvalid+"@3:25")
}

func TestAVeryLargeFileIsJudged(t *testing.T) {
	var text strings.Builder
	for text.Len() < 10<<20 {
		text.WriteString("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata:\n  a.json: |\n" + strings.Repeat("    some line of a dashboard\n", 500) + "---\n")
	}
	line := strings.Count(text.String(), "\n")
	text.WriteString(faultyConfigMap)
	inFolder(t, map[string]string{"f.yaml": text.String()})
	wantSaid(t, run(t, defaults(), nil, "f.yaml"), fmt.Sprintf("f.yaml:%d ConfigMap flink-config deny %s@%d:29", line+1, typeInvalid, line+7))
}

func TestTensOfThousandsOfFilesAreJudged(t *testing.T) {
	const count = 30_000
	sources := make([]manifest.Source, count) // not on the disk, which is all that would take time
	for i := range sources {
		text := fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata: {name: s%d}\n", i)
		if i%100 == 0 {
			text = strings.Replace(faultyConfigMap, "name: flink-config", fmt.Sprintf("name: flink-config-%d", i), 1)
		}
		sources[i] = manifest.Source{Name: fmt.Sprintf("in/%03d/%d.yaml", i/100, i)}.Holding(text)
	}
	report, err := check.Run(context.Background(), sources, nil, defaults())
	if err != nil {
		t.Fatal(err)
	}
	want := check.Summary{Objects: count, Deny: count / 100, Skip: count - count/100}
	if report.Summary != want || len(report.Problems) > 0 {
		t.Errorf("got %+v and the problems %v, want %+v", report.Summary, report.Problems, want)
	}
}

func TestALongListIsJudgedByAllWorkers(t *testing.T) {
	var text strings.Builder
	text.WriteString("apiVersion: v1\nkind: ConfigMapList\nitems:\n")
	const count = 3000
	for i := range count {
		fmt.Fprintf(&text, "- metadata: {name: flink-%d, namespace: team}\n  data:\n    flink-conf.yaml: |\n      high-availability.type: kubernets\n", i)
	}
	options := defaults()
	options.Workers = 3
	report := run(t, options, strings.NewReader(text.String()), "-")
	if report.Summary.Deny != count {
		t.Fatalf("got %+v, want %d denied", report.Summary, count)
	}
	for i := range report.Objects {
		if got, want := report.Objects[i].Findings[0].Place, (manifest.Place{File: "-", Line: 4*i + 7, Column: 31}); got != want {
			t.Fatalf("object %d: got the place %v, want %v", i, got, want)
		}
	}
}

func TestASecondRunSaysTheSame(t *testing.T) {
	inFolder(t, map[string]string{"b/f.yaml": faultyConfigMap, "a/f.yaml": strings.ReplaceAll(faultyConfigMap, "team", "other"), "a/flink-conf.yaml": faultyBare})
	first := said(run(t, defaults(), nil, "."))
	for range 5 {
		if diff := cmp.Diff(first, said(run(t, defaults(), nil, "."))); diff != "" {
			t.Fatalf("another run says something else (-first +now):\n%s", diff)
		}
	}
}

func TestNobodyWaitsForARunThatWasGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	inFolder(t, map[string]string{"f.yaml": faultyConfigMap})
	if _, err := check.Run(ctx, manifest.Find([]string{"f.yaml"}), nil, defaults()); err == nil || err.Error() != "checking: context canceled" {
		t.Errorf("got the error %v, want checking: context canceled", err)
	}
}

func TestProgressGrowsToTheEnd(t *testing.T) {
	inFolder(t, map[string]string{"a/f.yaml": faultyConfigMap, "b/g.yaml": strings.ReplaceAll(faultyConfigMap, "team", "other")})
	var last check.Progress
	options := defaults()
	options.Progress = func(p check.Progress) {
		if p.FilesRead < last.FilesRead || p.Judged < last.Judged || p.Judged > p.Objects && p.Objects > 0 {
			t.Errorf("progress went from %+v to %+v", last, p)
		}
		last = p
	}
	run(t, options, nil, ".")
	if want := (check.Progress{FilesRead: 2, Files: 2, Judged: 2, Objects: 2}); last != want {
		t.Errorf("progress ended with %+v, want %+v", last, want)
	}
}

func TestAnObjectThatIsNoneOfItsKindIsAProblemAndTheRestIsJudged(t *testing.T) {
	inFolder(t, map[string]string{"f.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink}\ndata: [1]\n---\n" + faultyConfigMap})
	report := run(t, defaults(), nil, "f.yaml")
	wantSaid(t, report, "f.yaml:6 ConfigMap flink-config deny "+typeInvalid+"@12:29",
		"problem f.yaml:1:1: ConfigMap flink is not an object of its kind: its field data cannot hold a value of type array")
	if report.Summary.Objects != 2 || report.Objects[0].Verdict != admission.VerdictDeny {
		t.Errorf("got the summary %+v", report.Summary)
	}
}
