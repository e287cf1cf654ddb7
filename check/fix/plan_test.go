package fix

import (
	"context"
	"fmt"
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
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// folder is a folder with files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	path := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(path, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// judge is the check itself, with the default policy.
func judge(ctx context.Context, sources []manifest.Source) (*check.Report, error) {
	preset := policy.Default()
	return check.Run(ctx, sources, nil, check.Options{Policy: &preset, Now: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)})
}

// planned is the plan for files and folders.
func planned(t *testing.T, arguments ...string) *Plan {
	t.Helper()
	sources := manifest.Find(arguments)
	report, err := judge(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(t.Context(), report, sources, judge)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// finding is one that is refused, and has changes that mend it.
func finding(rule string, changes ...validation.Change) check.Finding {
	return check.Finding{Judged: admission.Judged{
		Action: policy.ActionDeny, Finding: validation.Finding{Rule: rule, Violation: validation.Violation{Fix: changes}},
	}}
}

// plannedFor is the plan for a report with findings of the first object in a file that was given.
func plannedFor(t *testing.T, text string, findings ...check.Finding) (after string, plan *Plan) {
	t.Helper()
	name := filepath.Join(folder(t, map[string]string{"f.yaml": text}), "f.yaml")
	sources := manifest.Find([]string{name})
	file, _ := sources[0].Load(nil)
	object := check.Object{Place: manifest.Place{File: name, Line: 1, Column: 1}, Findings: findings}
	if len(file.Objects) > 0 {
		first := file.Objects[0]
		object.Place, object.Kind, object.Name, object.Namespace = first.Place(), first.Kind, first.Name, first.Namespace
	}
	plan, err := Make(t.Context(), &check.Report{Objects: []check.Object{object}}, sources, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Files) == 0 {
		return text, plan
	}
	return plan.Files[0].After, plan
}

const misspelt = `# The cluster of the orders.
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config} # why
data:
  flink-conf.yaml: |  # why too
    high-availability.type: "kubernetes"   # this one too
    high-availability.storage-dir: s3://flink-state/ha # here
      
    kubernetes.cluster-id: orders
`

const mended = `# The cluster of the orders.
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config} # why
data:
  flink-conf.yaml: |  # why too
    high-availability.type: kubernetes   # this one too
    high-availability.storageDir: s3://flink-state/ha # here
      
    kubernetes.cluster-id: orders
`

func TestAPlanIsMadeOnceAndForAll(t *testing.T) {
	path := folder(t, map[string]string{
		"a.yaml": misspelt, "b.yaml": strings.ReplaceAll(misspelt, "\n", "\r\n"), "c.yaml": "kind: X\napiVersion: v1\n---\n" + misspelt + "---\n" + strings.ReplaceAll(misspelt, "flink-config", "other"),
		"list.yaml": "apiVersion: v1\nkind: List\nitems:\n- " + strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(misspelt, "# The cluster of the orders.\n"), "\n", "\n  "), "  "),
	})
	plan := planned(t, path)
	if len(plan.Files) != 4 || len(plan.Refused) > 0 {
		t.Fatalf("got %d files, and %v refused", len(plan.Files), plan.Refused)
	}
	if diff := cmp.Diff(mended, plan.Files[0].After); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.ReplaceAll(mended, "\n", "\r\n"), plan.Files[1].After); diff != "" {
		t.Errorf("with Windows line ends (-want,+got):\n%s", diff)
	}
	if err := plan.Write(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(path, "a.yaml")); err != nil || string(got) != mended {
		t.Errorf("got %v and %q, want %q", err, got, mended)
	}
	if again := planned(t, path); len(again.Files) > 0 || len(again.Made) > 0 {
		t.Errorf("a second run changes %v", again.Made)
	}
}

func TestAPlanMakesTheEditsOfAdmission(t *testing.T) {
	text := `apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-cluster-config-map
  namespace: jobs
  labels: {app: orders, type: flink-native-kubernetes, configmap-type: high-availability}
  ownerReferences: # the operator
  - {apiVersion: apps/v1, kind: Deployment, name: orders, uid: u}
data: {}
`
	path := folder(t, map[string]string{"state.yaml": text})
	plan := planned(t, path)
	if len(plan.Files) != 1 {
		t.Fatalf("got %d files, made %v, refused %v", len(plan.Files), plan.Made, plan.Refused)
	}
	want := strings.Replace(text, "  ownerReferences: # the operator\n  - {apiVersion: apps/v1, kind: Deployment, name: orders, uid: u}\n", "", 1)
	if diff := cmp.Diff(want, plan.Files[0].After); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestChangesOfAFinding(t *testing.T) {
	const head = "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: a}\nspec:\n"
	options := func(key string, value any) validation.Change {
		return validation.Change{Path: "spec.flinkConfiguration", Key: key, Value: value}
	}
	for sentence, tc := range map[string]struct {
		text    string
		changes []validation.Change
		want    string
	}{
		"an option of a map": {
			"  flinkConfiguration:\n    a.b: c # d\n", []validation.Change{options("a.b", "x"), options("a.c", "1")}, "  flinkConfiguration:\n    a.b: x # d\n    a.c: \"1\"\n",
		},
		"an option of a nested map": {
			"  flinkConfiguration:\n    a:\n      b: c # d\n", []validation.Change{options("a.b", "x")}, "  flinkConfiguration:\n    a:\n      b: x # d\n",
		},
		"a map that is not there": {
			"  image: x\n", []validation.Change{options("a.b", "x")}, "  image: x\n  flinkConfiguration:\n    a.b: x\n",
		},
		"an option goes":       {"  flinkConfiguration:\n    a.b: c\n    d: e\n", []validation.Change{options("a.b", nil)}, "  flinkConfiguration:\n    d: e\n"},
		"an option is renamed": {"  flinkConfiguration:\n    a.b: c # d\n    e: f\n", []validation.Change{options("a.b", nil), options("x", "c")}, "  flinkConfiguration:\n    x: c # d\n    e: f\n"},
		"a field":              {"  mode: native # m\n", []validation.Change{{Path: "spec.mode", Value: "standalone"}}, "  mode: standalone # m\n"},
		"a field goes":         {"  mode: native # m\n  image: x\n", []validation.Change{{Path: "spec.mode"}}, "  image: x\n"},
		"items go": {
			"  args: [a, b, c]\n", []validation.Change{{Path: "spec.args[0]"}, {Path: "spec.args[2]"}}, "  args: [b]\n",
		},
		"a text": {
			"  conf:\n    config.yaml: |\n      a:\n        b: c\n",
			[]validation.Change{{Path: `spec.conf["config.yaml"]`, Key: "a.b", Value: "x"}, {Path: `spec.conf["config.yaml"]`, Key: "a.c", Value: "y"}},
			"  conf:\n    config.yaml: |\n      a:\n        b: x\n        c: y\n",
		},
		"a text under another name": {"  conf: |\n    a.b: c\n", []validation.Change{{Path: "spec.conf", Key: "a.b", Value: "x"}}, "  conf: |\n    a.b: x\n"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, plan := plannedFor(t, head+tc.text, finding("rule", tc.changes...))
			if diff := cmp.Diff(head+tc.want, got); diff != "" || len(plan.Refused) > 0 {
				t.Errorf("refused %v, (-want,+got):\n%s", plan.Refused, diff)
			}
		})
	}
}

func TestAFindingIsMendedAsAWholeOrNotAtAll(t *testing.T) {
	got, plan := plannedFor(t, "apiVersion: v1\nkind: X\nspec: {a: b}\n", finding("one",
		validation.Change{Path: "spec.a", Value: "x"}, validation.Change{Path: "spec.a.b", Value: "y"}),
		finding("two", validation.Change{Path: "spec.c", Value: true}))
	if got != "apiVersion: v1\nkind: X\nspec: {a: b, c: true}\n" || len(plan.Made) != 1 || len(plan.Refused) != 1 {
		t.Errorf("got %q, made %v, refused %v", got, plan.Made, plan.Refused)
	}
}

func TestFindingsThatWantDifferentValues(t *testing.T) {
	got, plan := plannedFor(t, "apiVersion: v1\nkind: X\nspec: {a: b}\n", finding("one", validation.Change{Path: "spec.a", Value: "x"}),
		finding("two", validation.Change{Path: "spec.a"}), finding("three", validation.Change{Path: "spec.c", Value: true}))
	if got != "apiVersion: v1\nkind: X\nspec: {a: b, c: true}\n" || len(plan.Made) != 1 || len(plan.Refused) != 2 {
		t.Errorf("got %q, made %v, refused %v", got, plan.Made, plan.Refused)
	}
}

func TestWhatIsOnlyAuditedIsLeft(t *testing.T) {
	audited := finding("one", validation.Change{Path: "spec.a", Value: "x"})
	audited.Action = policy.ActionAudit
	if got, plan := plannedFor(t, "apiVersion: v1\nkind: X\nspec: {a: b}\n", audited); len(plan.Files) > 0 {
		t.Errorf("got %q", got)
	}
}

// TestFixesThatUndoEachOther has one finding about what the other's fix makes.
func TestFixesThatUndoEachOther(t *testing.T) {
	name := filepath.Join(folder(t, map[string]string{"f.yaml": "apiVersion: v1\nkind: X\nspec: {a: b}\n"}), "f.yaml")
	sources := manifest.Find([]string{name})
	wants := func(_ context.Context, sources []manifest.Source) (*check.Report, error) {
		file, _ := sources[0].Load(nil)
		value, other := "x", "one"
		if strings.Contains(file.Text, "a: x") {
			value, other = "b", "two"
		}
		object := check.Object{Place: manifest.Place{File: name, Line: 1, Column: 1}, Kind: "X", Findings: []check.Finding{
			finding(other, validation.Change{Path: "spec.a", Value: value}), finding("third", validation.Change{Path: "spec.c", Value: true}),
		}}
		return &check.Report{Objects: []check.Object{object}}, nil
	}
	report, err := wants(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(t.Context(), report, sources, wants)
	if err != nil || len(plan.Refused) == 0 || !strings.Contains(plan.Refused[0].Reason, "undo") {
		t.Fatalf("got %v, and refused %v", err, plan.Refused)
	}
	for _, file := range plan.Files {
		if !strings.Contains(file.After, "c: true") {
			t.Errorf("got %q", file.After)
		}
	}
}

// TestAFixInAConfigMapOfAnotherFile is of a finding about a workload.
func TestAFixInAConfigMapOfAnotherFile(t *testing.T) {
	path := folder(t, map[string]string{
		"a/w.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\n", "a/c.yaml": misspelt, "b/c.yaml": misspelt,
	})
	sources := manifest.Find([]string{path})
	change := validation.Change{Path: `configMap flink-config data["flink-conf.yaml"]`, Key: "kubernetes.cluster-id", Value: "x"}
	report := &check.Report{Objects: []check.Object{
		{Place: manifest.Place{File: filepath.Join(path, "a/c.yaml"), Line: 2, Column: 1}, Kind: "ConfigMap", Name: "flink-config"},
		{Place: manifest.Place{File: filepath.Join(path, "a/w.yaml"), Line: 1, Column: 1}, Kind: "Deployment", Name: "w", Findings: []check.Finding{finding("r", change)}},
		{Place: manifest.Place{File: filepath.Join(path, "b/c.yaml"), Line: 2, Column: 1}, Kind: "ConfigMap", Name: "flink-config"},
	}}
	plan, err := Make(t.Context(), report, sources, nil)
	if err != nil || len(plan.Files) != 1 || plan.Files[0].Name != filepath.Join(path, "a/c.yaml") || !strings.Contains(plan.Files[0].After, "cluster-id: x") {
		t.Errorf("got %v and %+v", err, plan)
	}
}

func TestAFileOfFlinksOwn(t *testing.T) {
	path := folder(t, map[string]string{"flink-conf.yaml": "# mine\nhigh-availability.type: \"kubernetes\"\nhigh-availability.storageDir: s3://b/p\nkubernetes.cluster-id: a\n"})
	plan := planned(t, path)
	if len(plan.Files) != 1 || !strings.Contains(plan.Files[0].After, "# mine\nhigh-availability.type: kubernetes\n") {
		t.Errorf("got %+v", plan)
	}
}

func TestStandardInputIsFixedOnlyAsAText(t *testing.T) {
	sources := manifest.Find([]string{"-"})
	held := []manifest.Source{sources[0].Holding(misspelt)}
	report, err := judge(t.Context(), held)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Make(t.Context(), report, sources, nil)
	if err != nil || len(plan.Files) > 0 || len(plan.Refused) == 0 {
		t.Errorf("got %v and %+v", err, plan)
	}
	plan, err = Make(t.Context(), report, held, judge)
	if err != nil || len(plan.Files) != 1 || plan.Files[0].After != mended {
		t.Errorf("got %v and %+v", err, plan)
	}
}

// TestTheExamplesOfMistakes are mended as far as they can be, and have nothing left that could be.
func TestTheExamplesOfMistakes(t *testing.T) {
	files := map[string]string{}
	names, err := filepath.Glob("../../docs/examples/mistakes/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v and %v", names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(text)
	}
	path := folder(t, files)
	if err := planned(t, path).Write(); err != nil {
		t.Fatal(err)
	}
	if again := planned(t, path); len(again.Made) > 0 {
		t.Errorf("a second run makes %v", again.Made)
	}
}

// FuzzMake plans for anything.
func FuzzMake(f *testing.F) {
	f.Add(misspelt)
	f.Add("flink-conf")
	f.Add(fmt.Sprintf(`{"apiVersion":"v1","kind":"ConfigMap","data":{"flink-conf.yaml":%q}}`, "high-availability.type: \"kubernetes\"\n"))
	f.Fuzz(func(t *testing.T, text string) {
		sources := []manifest.Source{manifest.Find([]string{"-"})[0].Holding(text)}
		report, err := judge(t.Context(), sources)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Make(t.Context(), report, sources, judge)
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Files) == 0 {
			return
		}
		fixed := []manifest.Source{sources[0].Holding(plan.Files[0].After)}
		if report, err = judge(t.Context(), fixed); err != nil {
			t.Fatal(err)
		}
		if again, err := Make(t.Context(), report, fixed, judge); err != nil || len(again.Files) > 0 {
			t.Errorf("%q becomes %q, and then %+v", text, plan.Files[0].After, again)
		}
	})
}
