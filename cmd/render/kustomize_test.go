package render_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/cmd/render"
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

func wantFile(t *testing.T, name, got string) {
	t.Helper()
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("what is rendered differs from %s (-want +got):\n%s", name, diff)
	}
}

// The files with the wanted text were written by kubectl kustomize.
func TestAnOverlayRendersAsKustomizeBuildPrintsIt(t *testing.T) {
	kustomizer := &render.Kustomizer{}
	for _, overlay := range []string{"staging", "production"} {
		t.Run(overlay, func(t *testing.T) {
			t.Parallel() // as check does it
			got, err := kustomizer.Render(t.Context(), "testdata/kustomize/overlays/"+overlay)
			if err != nil {
				t.Fatal(err)
			}
			wantFile(t, "testdata/kustomize/"+overlay+".golden", got)
		})
	}
}

const resource = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

func TestAKustomizationThatCannotBeRenderedIsRefusedWithTheReason(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	const pipe = `; pipe it: kustomize build app | flink-ha-webhook check -`
	remote := func(name string) string {
		return `"` + name + `" is not on this machine, and nothing is fetched` + pipe
	}
	for name, tc := range map[string]struct {
		kustomization string
		further       map[string]string
		want          string
	}{
		"a resource by its URL": {
			kustomization: "resources:\n  - " + server.URL + "/a.yaml\n",
			want:          "app/kustomization.yaml:2:5: " + remote(server.URL+"/a.yaml"),
		},
		"a password in the URL": {
			kustomization: "resources: ['https://me:hidden@example.com/a.yaml?token=hidden']\n",
			want:          "app/kustomization.yaml:1:13: " + remote("https://example.com/a.yaml"),
		},
		"a repository": {
			kustomization: "resources: [github.com/example/base]\n",
			want:          "app/kustomization.yaml:1:13: " + remote("github.com/example/base"),
		},
		"a repository by ssh as a component": {
			kustomization: "components: ['git@example.com:base.git']\n",
			want:          "app/kustomization.yaml:1:14: " + remote("git@example.com:base.git"),
		},
		"a repository that a folder of the same name stands for": {
			kustomization: "resources: [github.com/example/base]\n",
			further:       map[string]string{"app/github.com/example/base/kustomization.yaml": "resources: []\n"},
			want:          "app/kustomization.yaml:1:13: " + remote("github.com/example/base"),
		},
		"by way of an anchor": {
			kustomization: "commonAnnotations: {a: &it " + server.URL + "}\nresources: [*it]\n",
			want:          "app/kustomization.yaml:1:24: " + remote(server.URL+"/"),
		},
		"in the base": {
			kustomization: "resources: [../base]\n",
			further:       map[string]string{"base/kustomization.yaml": "resources: [" + server.URL + "/a.yaml]\n"},
			want:          "base/kustomization.yaml:1:13: " + remote(server.URL+"/a.yaml"),
		},
		"a file of a generator": {
			kustomization: "configMapGenerator:\n- name: a\n  files: [flink-conf.yaml=" + server.URL + "/a.yaml]\n",
			want:          "app/kustomization.yaml:3:11: " + remote(server.URL+"/a.yaml"),
		},
		"a file of a generator of its own": {
			kustomization: "generators: [generator.yaml]\n",
			further: map[string]string{
				"app/generator.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [" + server.URL + "/a.yaml]\n",
			},
			want: "app/generator.yaml:4:9: " + remote(server.URL+"/a.yaml"),
		},
		"a patch": {
			kustomization: "resources: [a.yaml]\npatches: [{path: " + server.URL + "/a.yaml}]\n",
			further:       map[string]string{"app/a.yaml": resource},
			want:          "app/kustomization.yaml:2:18: " + remote(server.URL+"/a.yaml"),
		},
		"a chart": {
			kustomization: "helmCharts: [{name: flink, repo: " + server.URL + "}]\n",
			want:          "app/kustomization.yaml:1:21: it has Helm charts rendered, for which kustomize would start helm; pipe it: kustomize build --enable-helm app | flink-ha-webhook check -",
		},
		"a file outside of the folder": {
			kustomization: "resources: [../a.yaml]\n",
			further:       map[string]string{"a.yaml": resource},
			want:          "security; file 'a.yaml' is not in or below 'app'",
		},
		"a file that is not there": {
			kustomization: "resources: [a.yaml]\n",
			want:          "no such file or directory",
		},
		"a plugin": {
			kustomization: "generators: [generator.yaml]\n",
			further:       map[string]string{"app/generator.yaml": "apiVersion: example.com/v1\nkind: Secrets\nmetadata: {name: a}\n"},
			want:          "external plugins disabled",
		},
		"a cycle": {
			kustomization: "resources: [../base]\n",
			further:       map[string]string{"base/kustomization.yaml": "resources: [../app]\n"},
			want:          "cycle detected",
		},
		"a patch with a password that fits nothing": {
			kustomization: "resources: [a.yaml]\npatches:\n- patch: 'password: hidden'\n",
			further:       map[string]string{"app/a.yaml": resource},
			want:          "kustomize: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"app/kustomization.yaml": tc.kustomization}
			maps.Copy(files, tc.further)
			inFolder(t, files)
			got, err := (&render.Kustomizer{}).Render(t.Context(), "app")
			if err == nil {
				t.Fatalf("got\n%s\nwant an error", got)
			}
			if placed, ok := errors.AsType[*manifest.ProblemError](err); ok && placed.Line > 0 && err.Error() != tc.want {
				t.Errorf("got  %s\nwant %s", err, tc.want)
			}
			if !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), t.TempDir()) {
				t.Errorf("got  %s\nwant it with %s, and neither values nor paths of this machine", err, tc.want)
			}
		})
	}
	if reached {
		t.Error("got a request to a server, want none")
	}
}

func TestURLsThatAreValuesAreNotRefused(t *testing.T) {
	inFolder(t, map[string]string{
		"kustomization.yaml": "resources: [a.yaml]\ncommonAnnotations: {home: 'https://example.com'}\nconfigMapGenerator: [{name: b, literals: ['url=https://example.com']}]\n" +
			`patches: [{patch: '[{"op": "add", "path": "/data", "value": {"url": "https://example.com"}}]', target: {kind: ConfigMap, name: a}}]`,
		"a.yaml": resource,
	})
	if _, err := (&render.Kustomizer{}).Render(t.Context(), "."); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestARenderingEndsWithItsContext(t *testing.T) {
	inFolder(t, map[string]string{"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": resource})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if text, err := (&render.Kustomizer{}).Render(ctx, "."); !errors.Is(err, context.Canceled) {
		t.Errorf("got %q and %v, want that the context was cancelled", text, err)
	}
}
