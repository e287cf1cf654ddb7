package main

import (
	"strings"
	"testing"
)

const renderedTests = "../render/testdata/"

func TestCheckJudgesWhatIsRendered(t *testing.T) {
	for name, tc := range map[string]struct {
		arguments        []string
		want             []string
		unwanted, onErrs string
		code             int
	}{
		"overlays, each by itself": {
			arguments: []string{renderedTests + "kustomize"},
			want: []string{
				"kustomize/overlays/production (rendered by kustomize, with lines of what comes of it)\n  5:29  deny     ConfigMap orders/orders-flink-config-2b6fftdktg  [high-availability-type-invalid]\n",
				"kustomize/overlays/staging (rendered by kustomize",
				"4 objects: 1 would be refused",
			},
			unwanted: "cluster-id-collision", code: 1,
		},
		"a chart": {
			arguments: []string{renderedTests + "charts/orders"},
			want:      []string{"charts/orders (rendered by Helm", "ConfigMap default/orders-flink"}, unwanted: "deny ", code: 0,
		},
		"a chart with other values": {
			arguments: []string{"-n", "team", "--helm-values", renderedTests + "charts/mistaken-values.yaml", renderedTests + "charts/orders"},
			want:      []string{"ConfigMap team/orders-flink  [high-availability-type-invalid]"}, code: 1,
		},
		"files as they stand": {
			arguments: []string{"--no-render", renderedTests + "kustomize/overlays/production"},
			want:      []string{"kustomize/overlays/production/flink-conf.yaml\n  2:25  deny"}, code: 1,
		},
		"annotations where there is a file": {
			arguments: []string{"-o", "github", renderedTests + "kustomize/overlays/production"},
			want:      []string{"::error file=../render/testdata/kustomize/overlays/production/kustomization.yaml,line=1,col=1,"}, code: 1,
		},
		"values that are not there": {
			arguments: []string{"--helm-values", "none.yaml", renderedTests + "charts/orders"},
			onErrs:    "error: " + renderedTests + "charts/orders: reading values: open none.yaml: no such file or directory", code: 2,
		},
		"nothing to fix": {
			arguments: []string{"--diff", renderedTests + "kustomize/overlays/production"},
			onErrs:    "it was not read from a file as it stands; fix what it is made from", unwanted: "@@", code: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			code := run(t.Context(), append([]string{"check"}, tc.arguments...), &out, &errs)
			if code != tc.code || !strings.Contains(errs.String(), tc.onErrs) {
				t.Errorf("got exit code %d and %q, want %d and %q\n%s", code, errs.String(), tc.code, tc.onErrs, out.String())
			}
			for _, want := range tc.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("got\n%s\nwant it with\n%s", out.String(), want)
				}
			}
			if tc.unwanted != "" && strings.Contains(out.String(), tc.unwanted) {
				t.Errorf("got\n%s\nwant it without %s", out.String(), tc.unwanted)
			}
		})
	}
}
