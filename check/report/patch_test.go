package report

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// component is what Kustomize reads of the patches.
type component struct {
	APIVersion, Kind string
	Patches          []struct {
		Target target
		Patch  string
	}
}

func TestPatchesAreWhatAdmissionWouldDo(t *testing.T) {
	report := deployReport(t)
	read := readPatches(t, report)
	if read.Kind != "Component" || len(read.Patches) != 1 {
		t.Fatalf("got %+v, want a component with one patch", read)
	}
	text, err := os.ReadFile("testdata/deploy/session.yaml")
	if err != nil {
		t.Fatal(err)
	}
	deployment, err := yaml.YAMLToJSON([]byte(strings.Split(string(text), "\n---\n")[1]))
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch([]byte(read.Patches[0].Patch))
	if err != nil {
		t.Fatal(err)
	}
	got, err := patch.Apply(deployment)
	if err != nil {
		t.Fatal(err)
	}
	for i := range report.Objects {
		if object := &report.Objects[i]; object.Kind == "Deployment" {
			if diff := cmp.Diff(decoded(t, object.Mutated), decoded(t, got)); diff != "" {
				t.Errorf("the patch and admission differ (-admission +patch):\n%s", diff)
			}
		}
	}
}

func TestTargetsMatchTheirObjectOnly(t *testing.T) {
	edits := []mutation.Edit{{Operations: []mutation.Operation{{Op: "remove", Path: "/metadata/ownerReferences"}}, Reason: "it stays"}}
	read := readPatches(t, &check.Report{Objects: []check.Object{
		{APIVersion: "v1", Kind: "ConfigMap", Namespace: "team", Name: "a.b", Edits: edits},
		{APIVersion: "apps/v1", Kind: "Deployment", Name: "plain", Edits: edits},
		{APIVersion: "apps/v1", Kind: "Deployment", Name: "plain", Edits: edits}, // the same in another file
		{APIVersion: "batch/v1", Kind: "Job", Edits: edits},                      // with metadata.generateName
		{APIVersion: "v1", Kind: "ConfigMap", Name: "untouched"},
		{APIVersion: "v1", Kind: "ConfigMap", Name: "planned", Planned: edits},
	}})
	if len(read.Patches) != 2 {
		t.Fatalf("got %d patches, want 2", len(read.Patches))
	}
	want := []target{{Version: "v1", Kind: "ConfigMap", Namespace: "team", Name: `a\.b`}, {Group: "apps", Version: "v1", Kind: "Deployment", Name: "plain"}}
	if diff := cmp.Diff(want, []target{read.Patches[0].Target, read.Patches[1].Target}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if name := regexp.MustCompile("^(?:" + read.Patches[0].Target.Name + ")$"); !name.MatchString("a.b") || name.MatchString("axb") {
		t.Errorf("got the name %s, want one that matches a.b only", name)
	}
}

func TestNoPatchesAreAListToo(t *testing.T) {
	if read := readPatches(t, &check.Report{}); read.Patches == nil {
		t.Error("got no list, want an empty one")
	}
	unnamed := &check.Report{Objects: []check.Object{{
		APIVersion: "batch/v1", Kind: "Job", Edits: []mutation.Edit{{Operations: []mutation.Operation{{Op: "remove", Path: "/x"}}}},
	}}}
	if read := readPatches(t, unnamed); read.Patches == nil || len(read.Patches) > 0 {
		t.Errorf("got %+v, want an empty list", read.Patches)
	}
}

func TestHostileTextStaysInItsPatch(t *testing.T) {
	report := hostileReport()
	read := readPatches(t, report)
	if len(read.Patches) != 1 {
		t.Fatalf("got %d patches, want 1", len(read.Patches))
	}
	valid := strings.ToValidUTF8(evil, "�")
	want := target{Group: "apps", Version: valid, Kind: valid, Name: regexp.QuoteMeta(valid), Namespace: regexp.QuoteMeta(valid)}
	if diff := cmp.Diff(want, read.Patches[0].Target); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var operations []mutation.Operation
	if err := json.Unmarshal([]byte(read.Patches[0].Patch), &operations); err != nil {
		t.Fatal(err)
	}
	if len(operations) != 3 || operations[1].Path != "/metadata/"+valid {
		t.Errorf("got %+v, want the three operations as they were", operations)
	}
	var text string
	if err := json.Unmarshal(operations[0].Value, &text); err != nil || text != valid {
		t.Errorf("got the value %q, %v, want %q", text, err, valid)
	}
}

func readPatches(t *testing.T, report *check.Report) component {
	t.Helper()
	var out bytes.Buffer
	if err := Patch(&out, report, Options{}); err != nil {
		t.Fatal(err)
	}
	var read component
	if err := yaml.UnmarshalStrict(out.Bytes(), &read); err != nil {
		t.Fatalf("reading %s: %v", out.String(), err)
	}
	return read
}
