package page_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/docs/page"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

func TestTheGuardReadsThePageAsThePageSays(t *testing.T) {
	markdown, err := os.ReadFile("../how-flink-reads-configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := page.Examples(string(markdown))
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) < 15 {
		t.Fatalf("got %d examples, want the page's", len(examples))
	}
	for _, example := range examples {
		t.Run(fmt.Sprintf("line %d", example.Line), func(t *testing.T) {
			if example.Container != "" {
				checkContainer(t, example)
				return
			}
			check(t, example)
		})
	}
}

func checkContainer(t *testing.T, example page.Example) {
	var container corev1.Container
	if err := yaml.NewYAMLOrJSONDecoder(strings.NewReader(example.Text), len(example.Text)).Decode(&container); err != nil {
		t.Fatal(err)
	}
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{container}}}
	process, ok := workload.Recognize(&template, "spec")
	if !ok || !strings.HasPrefix(process.Version.String(), example.Container) {
		t.Fatalf("recognized: %t, as version %s, want a process of %s", ok, process.Version, example.Container)
	}
	got := process.Configuration(workload.Surroundings{})
	for _, want := range example.Settings {
		if found, ok := got.Lookup(want.Key); !ok || found.Value != want.Value || found.Unknown != "" {
			t.Errorf("%s = %q (unknown: %q), want %q", want.Key, found.Value, found.Unknown, want.Value)
		}
	}
	var ignored []string
	for _, line := range got.Ignored {
		ignored = append(ignored, line.Key)
		if found, ok := got.Lookup(line.Key); ok {
			t.Errorf("%s is ignored, and is set to %q", line.Key, found.Value)
		}
	}
	if fmt.Sprint(ignored) != fmt.Sprint(example.Ignored) {
		t.Errorf("ignored %q, want %q", ignored, example.Ignored)
	}
	if refused := process.Refusal(workload.Surroundings{}) != nil; refused != example.DoesNotStart {
		t.Errorf("does not start: %t, want %t", refused, example.DoesNotStart)
	}
}

func check(t *testing.T, example page.Example) {
	loader, ok := flink.LoaderOf(example.File)
	if !ok {
		t.Fatalf("Flink reads no file %q", example.File)
	}
	got := loader.Load(example.Text, "")
	if !got.Complete() {
		t.Errorf("the reading has gaps: %+v", got.Gaps)
	}
	if refused := refusal(got); refused != example.Refused {
		t.Errorf("refused %q, want %q", refused, example.Refused)
	}
	if example.Refused == "" {
		checkSettings(t, got, example.Settings)
	}
	if ignored := ignoredLines(got); fmt.Sprint(ignored) != fmt.Sprint(example.Ignored) {
		t.Errorf("ignored %q, want %q", ignored, example.Ignored)
	}
	if storage := flink.ResolveStorage(got, flink.VersionFrom(1, 17)); example.Path != "" && storage.Path != example.Path {
		t.Errorf("the storage path is %q, want %q", storage.Path, example.Path)
	}
	for name, want := range example.Modes {
		var version flink.Version
		if name != "" {
			if version, ok = parse(t, name); !ok {
				continue
			}
		}
		if mode := flink.ResolveHighAvailability(got, version).Mode; string(mode) != want {
			t.Errorf("mode in %q is %q, want %q", name, mode, want)
		}
	}
}

func parse(t *testing.T, name string) (flink.Version, bool) {
	version, err := flink.ParseVersion(name)
	if err != nil {
		t.Errorf("version %q: %v", name, err)
	}
	return version, err == nil
}

func refusal(got flink.Configuration) string {
	if got.Err == nil {
		return ""
	}
	return fmt.Sprintf("%d:%d: %s", got.Err.Line, got.Err.Column, got.Err.Reason)
}

func ignoredLines(got flink.Configuration) []string {
	var lines []string
	for _, ignored := range got.Ignored {
		lines = append(lines, fmt.Sprintf("%d:%d %s: %s", ignored.Line, ignored.Column, ignored.Key, ignored.Reason))
	}
	return lines
}

func checkSettings(t *testing.T, got flink.Configuration, want []page.Setting) {
	keys := map[string]bool{}
	for _, setting := range got.Settings {
		keys[setting.Key] = true
	}
	if len(keys) != len(want) {
		t.Errorf("got the keys %v, want %d", keys, len(want))
	}
	for _, setting := range want {
		if found, ok := got.Lookup(setting.Key); !ok || found.Value != setting.Value {
			t.Errorf("%s = %q, want %q", setting.Key, found.Value, setting.Value)
		}
	}
}
