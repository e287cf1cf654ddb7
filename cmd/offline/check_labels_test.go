package offline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check"
)

func TestNamespaceLabelsAreForAllOrForOne(t *testing.T) {
	labels, doubts, err := parseNamespaceLabels([]string{
		"flink-ha.dev/enforce=strict,team=a", "streaming:flink-ha.dev/enforce=off", "team=b", "streaming:empty=",
	})
	if err != nil || len(doubts) > 0 {
		t.Fatalf("got %v, %v", doubts, err)
	}
	want := check.NamespaceLabels{
		Everywhere: map[string]string{"flink-ha.dev/enforce": "strict", "team": "b"},
		In:         map[string]map[string]string{"streaming": {"flink-ha.dev/enforce": "off", "empty": ""}},
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestNamespaceLabelsSayWhatIsWrong(t *testing.T) {
	for value, want := range map[string]string{
		"":                                "needs KEY=VALUE",
		"streaming":                       "needs KEY=VALUE",
		"a=b,":                            "needs KEY=VALUE",
		"=b":                              "needs KEY=VALUE",
		":a=b":                            "needs KEY=VALUE",
		"streaming:":                      "needs KEY=VALUE",
		"flink-ha.dev/enforce=all":        `label flink-ha.dev/enforce: found "all", needs`,
		"streaming:flink-ha.dev/guard=no": `label flink-ha.dev/guard: found "no", needs disabled`,
	} {
		if _, _, err := parseNamespaceLabels([]string{value}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", value, err, want)
		}
	}
	_, doubts, err := parseNamespaceLabels([]string{"streaming:flink-ha.dev/enforced=strict"})
	if err != nil || len(doubts) != 1 {
		t.Errorf("a label that does not exist: got %v, %v, want one doubt", doubts, err)
	}
}
