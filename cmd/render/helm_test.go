package render_test

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/render"
)

func TestAChartRendersAsHelmTemplatePrintsIt(t *testing.T) {
	got, err := render.Chart(t.Context(), "testdata/charts/orders", render.Release{Namespace: "team"})
	if err != nil {
		t.Fatal(err)
	}
	wantFile(t, "testdata/charts/orders.golden", got)
}

func TestValuesAreLaidOverThoseOfTheChart(t *testing.T) {
	chart := t.TempDir()
	if err := os.CopyFS(chart, os.DirFS("testdata/charts/orders")); err != nil {
		t.Fatal(err)
	}
	inFolder(t, map[string]string{
		"first.yaml": "highAvailability: {type: zookeeper}\nreplicas: 3\n", "second.yaml": "replicas: 2\n",
	})
	got, err := render.Chart(t.Context(), chart, render.Release{Namespace: "team", ValuesFiles: []string{"first.yaml", "second.yaml"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"high-availability.type: zookeeper", "high-availability.storageDir: s3://orders/ha", "replicas: 2", "namespace: team"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant it with %s", got, want)
		}
	}
}

func TestAChartThatCannotBeRenderedIsRefusedWithTheReason(t *testing.T) {
	for name, tc := range map[string]struct {
		files   map[string]string
		release render.Release
		want    string
	}{
		"a value that is needed": {
			files: map[string]string{"app/templates/a.yaml": "a: 1\nb: {{ required \"storage is needed\" .Values.storage }}\n"},
			want:  "app/templates/a.yaml:2:7: Helm cannot render it: storage is needed",
		},
		"a value of nothing": {
			files: map[string]string{"app/templates/a.yaml": "a: {{ .Values.storage.directory }}\n"},
			want:  "app/templates/a.yaml:1:14: Helm cannot render it: nil pointer evaluating interface {}.directory",
		},
		"an instruction without an end": {
			files: map[string]string{"app/templates/a.yaml": "\na: {{ if\n"},
			want:  "app/templates/a.yaml:3:1: Helm cannot render it: unclosed action started at app/templates/a.yaml:2",
		},
		"what comes of it is no YAML": {
			files: map[string]string{"app/templates/a.yaml": "a: b: c\n"},
			want:  "app/templates/a.yaml: Helm cannot render it: ",
		},
		"a template that includes itself": {
			files: map[string]string{"app/templates/a.yaml": `{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}`},
			want:  "nested reference name",
		},
		"a template in a value": {
			files: map[string]string{"app/templates/a.yaml": `a: {{ tpl .Values.a . }}`, "app/values.yaml": "a: 'hidden {{ .Values.b.c }}'\n"},
			want:  "app/templates/a.yaml:1:",
		},
		"a chart that is not there": {
			files: map[string]string{"app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: redis, version: 1.0.0, repository: 'https://example.com'}]\n"},
			want:  "charts that it depends on are not in its charts/, and nothing is fetched: redis; run: helm dependency build app",
		},
		"no version": {
			files: map[string]string{"app/Chart.yaml": "apiVersion: v2\nname: app\n"},
			want:  "chart.metadata.version is required",
		},
		"values that are not there": {
			release: render.Release{ValuesFiles: []string{"values.yaml"}},
			want:    "reading values: open values.yaml: no such file or directory",
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"}
			maps.Copy(files, tc.files)
			inFolder(t, files)
			got, err := render.Chart(t.Context(), "app", tc.release)
			if err == nil {
				t.Fatalf("got\n%s\nwant an error", got)
			}
			if !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %s\nwant it with %s, on one line and without values", err, tc.want)
			}
		})
	}
}
