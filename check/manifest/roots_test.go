package manifest_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

func TestWhatIsRenderedIsFoundAsOne(t *testing.T) {
	const flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
	overlays := map[string]string{
		"base/kustomization.yaml": "resources: [flink.yaml]\n", "base/flink.yaml": "", "base/unused.yaml": "",
		"prod/kustomization.yml": "resources: [../base, ../rest/a.yaml]\nconfigMapGenerator: [{name: a, files: [conf.yaml=files/flink-conf.yaml]}]\n",
		"prod/patch.yaml":        "", "prod/files/flink-conf.yaml": "", "prod/files/other.yaml": "", "rest/a.yaml": "", "rest/b.yaml": "",
	}
	for name, tc := range map[string]struct {
		files     map[string]string
		arguments []string
		want      []string
	}{
		"an overlay with its base": {
			files: overlays, arguments: []string{"."},
			want: []string{"prod kustomize prod/kustomization.yml", "prod/files/other.yaml", "rest/b.yaml"},
		},
		"a base that was named": {files: overlays, arguments: []string{"base/", "prod"}, want: []string{"base kustomize base/kustomization.yaml", "prod kustomize prod/kustomization.yml", "prod/files/other.yaml"}},
		"a file that was named": {files: overlays, arguments: []string{"prod/patch.yaml", "prod"}, want: []string{"prod/patch.yaml", "prod kustomize prod/kustomization.yml", "prod/files/other.yaml"}},
		"a folder twice":        {files: overlays, arguments: []string{"prod", "prod/"}, want: []string{"prod kustomize prod/kustomization.yml", "prod/files/other.yaml"}},
		"a component": {
			files:     map[string]string{"part/kustomization.yaml": "kind: Component\n", "part/a.yaml": ""},
			arguments: []string{"."}, want: nil,
		},
		"a namespace that is called like a folder": {
			files:     map[string]string{"kustomization.yaml": "namespace: prod\n", "prod/kustomization.yaml": "resources: []\n"},
			arguments: []string{"."},
			want:      []string{". kustomize kustomization.yaml", "prod kustomize prod/kustomization.yaml"},
		},
		"kustomizations that name one another, for kustomize to refuse": {
			files: map[string]string{
				"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a, ../c]\n", "c/kustomization.yaml": "resources: [a.yaml]\n", "c/a.yaml": "",
			},
			arguments: []string{"."}, want: []string{"a kustomize a/kustomization.yaml"},
		},
		"one that names itself, for kustomize to refuse": {
			files: map[string]string{"a/kustomization.yaml": "resources: [., a.yaml]\n", "a/a.yaml": ""}, arguments: []string{"."}, want: []string{"a kustomize a/kustomization.yaml"},
		},
		"a Kustomization of Flux": {
			files: map[string]string{"kustomization.yaml": flux, "a.yaml": ""}, arguments: []string{"."}, want: []string{"a.yaml", "kustomization.yaml"},
		},
		"a malformed one, for kustomize to refuse": {
			files: map[string]string{"kustomization.yaml": "a: b: c\n", "a.yaml": ""}, arguments: []string{"."}, want: []string{". kustomize kustomization.yaml"},
		},
		"a template of one": {
			files: map[string]string{"kustomization.yaml": "a: {{ b }}: c\n", "a.yaml": ""}, arguments: []string{"."}, want: []string{"a.yaml", "kustomization.yaml"},
		},
		"charts": {
			files: map[string]string{
				"app/Chart.yaml": "apiVersion: v2\nname: app\n", "app/values.yaml": "", "app/templates/a.yaml": "{{ a }}", "app/charts/db/Chart.yaml": "name: db\n",
				"names/Chart.yaml": "name: names\ntype: library\n", "names/templates/_a.yaml": "{{ a }}", "values.yaml": "",
			},
			arguments: []string{"."}, want: []string{"app Helm app/Chart.yaml", "values.yaml"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range tc.files {
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for _, source := range manifest.FindRoots(tc.arguments) {
				line := source.Name
				if source.Rendering != "" {
					line += " " + string(source.Rendering) + " " + source.Root
				}
				if (source.Rendering != "") != source.Apart {
					t.Errorf("%s: got apart %t, want what is rendered apart, and nothing else", source.Name, source.Apart)
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("the sources differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASourceIsRenderedOnceAndItsErrorsAreProblems(t *testing.T) {
	times := 0
	source := manifest.Source{Name: "prod"}.RenderedBy(func() (string, error) {
		times++
		return "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n", nil
	})
	for range 2 {
		file, problems := source.Load(nil)
		if len(problems) > 0 || len(file.Objects) != 1 {
			t.Fatalf("got %+v and %v, want a file with an object", file, problems)
		}
	}
	if times != 1 {
		t.Errorf("got it rendered %d times, want once", times)
	}
	placed := &manifest.ProblemError{Place: manifest.Place{File: "base/a.yaml", Line: 3, Column: 1}, Reason: "no"}
	for want, reason := range map[string]error{"prod: no": errors.New("no"), "base/a.yaml:3:1: no": placed} {
		_, problems := manifest.Source{Name: "prod"}.RenderedBy(func() (string, error) { return "", reason }).Load(nil)
		if len(problems) != 1 || problems[0].Error() != want {
			t.Errorf("got %v, want %s", problems, want)
		}
	}
}
