package check_test

import (
	"strings"
	"testing"
)

func TestAMistakeOfOursTakesNoOtherObjectWithIt(t *testing.T) {
	inFolder(t, map[string]string{"f.yaml": faultyConfigMap, "g.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"})
	options := defaults()
	options.Policy = nil // which nobody may do: the reviewer relies on it
	report := run(t, options, nil, ".")
	if len(report.Problems) != 1 || report.Summary.Objects != 2 {
		t.Fatalf("got the problems %v and %+v, want one problem and both objects", report.Problems, report.Summary)
	}
	got := report.Problems[0].Error()
	for _, part := range []string{"f.yaml:1:1: ConfigMap team/flink-config could not be judged: this is a bug of flink-ha-webhook, please report it: ", "nil pointer dereference", ", in "} {
		if !strings.Contains(got, part) {
			t.Errorf("got the problem %q, want %q in it", got, part)
		}
	}
	if strings.Contains(got, "runtime.") || strings.Contains(got, "a place that is not known") {
		t.Errorf("got the problem %q, want a function of the program's own", got)
	}
}
