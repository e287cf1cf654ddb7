package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check"
)

var updateForms = flag.Bool("update-forms", false, "write testdata/deploy.json and the like again")

func TestProgramsReadTheSameEveryTime(t *testing.T) {
	cases := map[string]func(*bytes.Buffer, *check.Report, Options) error{
		"deploy.json":       func(out *bytes.Buffer, r *check.Report, o Options) error { return JSON(out, r, o) },
		"deploy.sarif":      func(out *bytes.Buffer, r *check.Report, o Options) error { return SARIF(out, r, o) },
		"deploy.patch.yaml": func(out *bytes.Buffer, r *check.Report, o Options) error { return Patch(out, r, o) },
		"deploy.yaml":       func(out *bytes.Buffer, r *check.Report, o Options) error { return YAML(out, r, o) },
	}
	for name, write := range cases {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := write(&out, deployReport(t), Options{Version: "v1.2.3"}); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name)
			if *updateForms {
				if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), out.String()); diff != "" {
				t.Errorf("%s differs; if it is meant to, go test ./check/report -update-forms (-want +got):\n%s", file, diff)
			}
		})
	}
}
