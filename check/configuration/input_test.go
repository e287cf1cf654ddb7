package configuration

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// write makes files in a folder and moves there.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func texts(problems []error) []string {
	var all []string
	for _, problem := range problems {
		all = append(all, problem.Error())
	}
	return all
}

func TestReadFindsFiles(t *testing.T) {
	write(t, map[string]string{
		"d/b.yaml": "", "d/a/z.yml": "", "d/a.yaml": "", "d/c.json": "", "d/readme.md": "", "d/.hidden/x.yaml": "",
		"d/..2024/config.yaml": "", "elsewhere/l.yaml": "", "odd.conf": "",
	})
	for link, target := range map[string]string{"d/link.yaml": "../elsewhere/l.yaml", "d/folder": "../elsewhere", "given": "elsewhere", "d/broken.yaml": "nowhere"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	input := manifest.Read([]string{"odd.conf", "d", "d/b.yaml", "given/", "-", "missing.yaml"}, strings.NewReader("a: 1"))
	var got []string
	for _, file := range input.Files {
		got = append(got, file.Name)
	}
	want := []string{"odd.conf", "d/.hidden/x.yaml", "d/a/z.yml", "d/a.yaml", "d/b.yaml", "d/c.json", "d/link.yaml", "given/l.yaml", "-"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	problems := []string{"d/broken.yaml: no such file or directory", "missing.yaml: no such file or directory"}
	if diff := cmp.Diff(problems, texts(input.Problems)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// endless is a stream that never ends, as /dev/zero is.
type endless struct{}

func (endless) Read(into []byte) (int, error) { return len(into), nil }

func TestReadIsBounded(t *testing.T) {
	input := manifest.Read([]string{"-"}, endless{})
	if len(input.Files) != 0 || len(input.Problems) != 1 || !strings.Contains(input.Problems[0].Error(), "larger than the 64 MiB") {
		t.Errorf("got %v", input.Problems)
	}
}

func TestMalformedDocumentsDoNotHideOthers(t *testing.T) {
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {flink-conf.yaml: \"rest.port: 1\"}\n" +
		"---\nkind: [\n---\n\tkind: x\n---\na: *secret\n---\na: 'x\n---\n" +
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {flink-conf.yaml: \"rest.port: 2\"}\n" +
		"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink}\ndata: {password: [1]}\n"
	readings, problems := Configurations(manifest.Read([]string{"-"}, strings.NewReader(text)), flink.Version{})
	if len(readings) != 2 || readings[0].Line != 1 || readings[1].Line != 14 {
		t.Errorf("got %+v", readings)
	}
	want := []string{
		"-:7:1: this is not YAML: there is no value where one must be; check quotes, brackets and indentation",
		"-:8:1: this is not YAML: a tab cannot stand here; YAML is indented with spaces",
		"-:10:4: this is not YAML: the alias has no anchor before it",
		"-:12:4: this is not YAML: this quote is not closed",
		"-:19:1: ConfigMap flink is not an object of its kind: its field data cannot hold a value of type array",
	}
	if diff := cmp.Diff(want, texts(problems)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestWhatIsNoUTF8IsSaidWhere(t *testing.T) {
	_, problems := Configurations(manifest.Read([]string{"-"}, strings.NewReader("apiVersion: v1\nkind: é\xff\n")), flink.Version{})
	if diff := cmp.Diff([]string{"-:2:8: this is not UTF-8"}, texts(problems)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var problem *manifest.ProblemError
	if !errors.As(problems[0], &problem) || problem.Line != 2 {
		t.Errorf("got %#v", problems[0])
	}
}
