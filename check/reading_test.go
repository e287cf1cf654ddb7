package check_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestTheOrderOfALongFileIsKept has one file read by several workers.
func TestTheOrderOfALongFileIsKept(t *testing.T) {
	const objects = 3_000
	var text strings.Builder
	for i := range objects {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d}\n", i)
	}
	text.WriteString("---\na: [\n")
	inFolder(t, map[string]string{"f.yaml": text.String()})
	options := defaults()
	options.WithSkipped, options.Workers = true, 4
	report := run(t, options, nil, ".")
	if len(report.Objects) != objects || len(report.Problems) != 1 {
		t.Fatalf("got %d objects and the problems %v, want %d objects and one problem", len(report.Objects), report.Problems, objects)
	}
	for i := range report.Objects {
		if want := fmt.Sprintf("s%d", i); report.Objects[i].Name != want || report.Objects[i].Line != 4*i+2 {
			t.Fatalf("object %d: got %s in line %d, want %s in line %d", i, report.Objects[i].Name, report.Objects[i].Line, want, 4*i+2)
		}
	}
	if got := report.Problems[0].Error(); !strings.HasPrefix(got, fmt.Sprintf("f.yaml:%d:", 4*objects+3)) && !strings.HasPrefix(got, fmt.Sprintf("f.yaml:%d:", 4*objects+2)) {
		t.Errorf("got the problem %q, want one at the end of the file", got)
	}
}
