package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

func TestConfigMapsInAFile(t *testing.T) {
	const one = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {counter: \"1\"}\n"
	cases := map[string]struct {
		text    string
		want    []string
		failure bool
	}{
		"one":                 {text: one, want: []string{"one"}},
		"several documents":   {text: one + "---\n" + strings.ReplaceAll(one, "one", "two") + "---\n", want: []string{"one", "two"}},
		"a list":              {text: `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"}}]}`, want: []string{"one"}},
		"other kinds":         {text: "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n---\n" + one, want: []string{"one"}},
		"nothing":             {},
		"no YAML":             {text: "a: [", failure: true},
		"data that is no map": {text: strings.ReplaceAll(one, "{counter: \"1\"}", "[1]"), failure: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			found, err := configMapsIn([]byte(tc.text))
			if (err != nil) != tc.failure {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, configMap := range found {
				got = append(got, configMap.Name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("found (-want,+got):\n%s", diff)
			}
		})
	}
}

func TestCheckpointsAreThereBeforeTheGraphsOfTheirJobs(t *testing.T) {
	const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: demo-cluster-config-map}
data: {executionPlan-000000006e6b13320000000000000000: x}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: demo-000000006e6b13320000000000000000-config-map}
data: {counter: "1"}
`
	configMaps, err := configMapsIn([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var records []undelete.Record
	for _, configMap := range configMaps {
		records = append(records, undelete.Record{Content: configMap})
	}
	if first := jobsFirst(records)[0].Content.Name; strings.Contains(first, "-cluster-config-map") {
		t.Errorf("%s comes first", first)
	}
}

func TestRestoreAsksForACluster(t *testing.T) {
	for want, arguments := range map[string][]string{
		"which cluster? name its kubernetes.cluster-id": {"state", "restore"},
		`--output is "xml", needs yaml or json`:         {"state", "restore", "demo", "-o", "xml"},
	} {
		var stdout, stderr strings.Builder
		if code := run(t.Context(), arguments, &stdout, &stderr); code != offline.ExitUnanswered || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit code %d, %s", arguments, code, stderr.String())
		}
	}
}
