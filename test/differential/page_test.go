package differential

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/docs/page"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TestFlinkReadsThePageAsThePageSays holds the files in docs/how-flink-reads-configuration.md to every release that reads them.
func TestFlinkReadsThePageAsThePageSays(t *testing.T) {
	markdown, err := os.ReadFile("../../docs/how-flink-reads-configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := page.Examples(string(markdown))
	if err != nil {
		t.Fatal(err)
	}
	for _, release := range Releases() {
		t.Run(string(release), func(t *testing.T) {
			referee := appointed(t, release)
			judged := 0
			for _, example := range examples {
				if example.Container == "" && flink.ChooseFile(release.Version(), func(name string) bool { return name == example.File }).Name != "" {
					judgeExample(t, referee, example)
					judged++
				}
			}
			if judged < 5 {
				t.Errorf("judged %d examples, want those that this release reads", judged)
			}
		})
	}
}

func judgeExample(t *testing.T, referee *Referee, example page.Example) {
	t.Helper()
	answers, err := referee.LoadHighAvailability(t.Context(), []Files{{example.File: example.Text}})
	if err != nil {
		t.Fatal(err)
	}
	answer := answers[0]
	if refused := answer.Settings == nil; refused != (example.Refused != "") {
		t.Errorf("line %d: Flink says %s, the page %q", example.Line, answer, example.Refused)
		return
	}
	if example.Refused != "" {
		return
	}
	want := map[string]string{}
	for _, setting := range example.Settings {
		want[setting.Key] = setting.Value
	}
	if diff := cmp.Diff(want, answer.Settings); diff != "" {
		t.Errorf("line %d: the page (-) and Flink (+): %s", example.Line, diff)
	}
	version := referee.Release.Version()
	mode, ok := example.Modes[fmt.Sprintf("%d.%d", version.Major, version.Minor)]
	if !ok && version.AtLeast(1, 17) {
		// What the page says without a version is about those that know high-availability.type.
		mode, ok = example.Modes[""]
	}
	if constant := modeConstant(mode); ok && answer.Mode.Text != constant {
		t.Errorf("line %d: the mode is %q, want %q", example.Line, answer.Mode.Text, constant)
	}
	if example.Path != "" && version.AtLeast(1, 17) && answer.StoragePath.Text != example.Path {
		t.Errorf("line %d: the path is %q, want %q", example.Line, answer.StoragePath.Text, example.Path)
	}
}

// modeConstant is Flink's constant for a mode of the page. What is invalid is to Flink the name of a class, until it looks for one.
func modeConstant(mode string) string {
	switch mode {
	case "none":
		return "NONE"
	case "kubernetes":
		return "KUBERNETES"
	case "zookeeper":
		return "ZOOKEEPER"
	}
	return "FACTORY_CLASS"
}
