package check_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// FuzzRun checks what anything at all may be: a result or an error, and every place in the file that it names.
func FuzzRun(f *testing.F) {
	for _, text := range []string{
		faultyConfigMap, faultyBare, faultyStandard, flinkDeployment, configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager", "flink-config", ""),
		"\uFEFF" + faultyConfigMap, strings.ReplaceAll(faultyConfigMap, "\n", "\r\n"), "{{ if }}", "apiVersion: v1\nkind: List\nitems: [{}]\n",
		`{"apiVersion":"v1","kind":"ConfigMap","data":{"config.yaml":"high-availability.type: kubernetes"}}`, "a: &a [*a]", "\x00", "---\n...\n%YAML 1.1\n",
		"apiVersion: v1\nkind: ConfigMap\ndata: {<<: *x}\n", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {flink-ha.dev/enforce: x}}\n",
	} {
		for _, name := range []string{"f.yaml", "flink-conf.yaml", "config.yaml", "-"} {
			f.Add(name, []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		options := defaults()
		options.Workers, options.WithUnknown, options.WithObjects, options.WithSkipped = 1, true, true, true
		sources := []manifest.Source{{Name: "-", Given: true}}
		if name != "-" {
			sources = []manifest.Source{manifest.Source{Name: name, Given: len(text)%2 == 0}.Holding(string(text))}
		}
		report, err := check.Run(context.Background(), sources, bytes.NewReader(text), options)
		if err != nil {
			t.Fatal(err)
		}
		inside := func(what string, place manifest.Place) {
			if !isInside(place, string(text)) {
				t.Errorf("%s: the place %v is not in the file", what, place)
			}
		}
		for i := range report.Objects {
			object := &report.Objects[i]
			inside(object.Kind, object.Place)
			for j := range object.Findings {
				inside(object.Findings[j].Rule, object.Findings[j].Place)
			}
		}
		for _, problem := range report.Problems {
			if strings.Contains(problem.Error(), "this is a bug") {
				t.Error(problem)
			}
			if located, ok := errors.AsType[*manifest.ProblemError](problem); ok {
				inside("problem", located.Place)
			}
		}
		for _, left := range report.Left {
			inside("left", left.Place)
		}
	})
}

// isInside tells whether a text has the line, and the line the column or one behind it.
func isInside(place manifest.Place, text string) bool {
	if place.Line == 0 {
		return place.Column == 0
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	lines := strings.Split(text, "\n")
	if place.Line > len(lines) {
		return false
	}
	return place.Column >= 1 && place.Column <= utf8.RuneCountInString(lines[place.Line-1])+1
}
