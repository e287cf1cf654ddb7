package check_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

const faultyStandard = `jobmanager:
  rpc:
    address: jobmanager
high-availability:
  type: kubernets
  storageDir: s3://flink/ha
kubernetes.cluster-id: orders
`

func TestABareFileIsJudgedAsConfiguration(t *testing.T) {
	for name, tc := range map[string]struct {
		file, text, want string
	}{
		"flink-conf.yaml":    {"conf/flink-conf.yaml", faultyBare, "conf/flink-conf.yaml:1 flink-conf.yaml deny " + typeInvalid + "@2:25"},
		"Windows line ends":  {"conf/flink-conf.yaml", strings.ReplaceAll(faultyBare, "\n", "\r\n"), "conf/flink-conf.yaml:1 flink-conf.yaml deny " + typeInvalid + "@2:25"},
		"a byte order mark":  {"conf/config.yaml", "\uFEFF" + faultyStandard, "conf/config.yaml:1 config.yaml deny " + typeInvalid + "@5:9"},
		"config.yaml":        {"conf/config.yaml", faultyStandard, "conf/config.yaml:1 config.yaml deny " + typeInvalid + "@5:9"},
		"another name, flat": {"mine.conf", faultyBare, "mine.conf:1 mine.conf deny " + typeInvalid + "@2:25"},
		"another name":       {"mine.yaml", faultyStandard, "mine.yaml:1 mine.yaml deny " + typeInvalid + "@5:9"},
		"standard input":     {"", faultyStandard, "-:1 config.yaml deny " + typeInvalid + "@5:9"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.file == "" {
				wantSaid(t, run(t, defaults(), strings.NewReader(tc.text), "-"), tc.want)
				return
			}
			inFolder(t, map[string]string{tc.file: tc.text})
			wantSaid(t, run(t, defaults(), nil, tc.file), tc.want)
			if folder, _, found := strings.Cut(tc.file, "/"); found {
				wantSaid(t, run(t, defaults(), nil, folder), tc.want)
			}
		})
	}
}

func TestABareFileIsNoObjectOfKubernetes(t *testing.T) {
	inFolder(t, map[string]string{"flink-conf.yaml": faultyBare})
	options := defaults()
	options.WithObjects, options.WithSkipped = true, true
	object := run(t, options, nil, ".").Objects[0]
	object.Findings, object.Verdict = nil, ""
	want := check.Object{Place: manifest.Place{File: "flink-conf.yaml", Line: 1, Column: 1}, Namespace: "team", Name: "flink-conf.yaml"}
	if diff := cmp.Diff(want, object); diff != "" {
		t.Errorf("the object differs (-want +got):\n%s", diff)
	}
}

func TestFilesOfOthersAreLeft(t *testing.T) {
	inFolder(t, map[string]string{
		"app/config.yaml": "server:\n  port: 8080\n", "app/values.yaml": "image: flink\n", "app/kustomization.yaml": "resources: [a.yaml]\n",
		"app/empty.yaml": "", "values.yaml": "image: flink\n", "empty.yaml": "\n", "playbook.yml": "- hosts: all\n", "list.json": "[1]\n", "note": "hello\n",
	})
	wantSaid(t, run(t, defaults(), nil, "app", "values.yaml", "empty.yaml", "playbook.yml", "list.json"),
		"left app/config.yaml", "left values.yaml", "left playbook.yml", "left list.json")

	// Whoever names a file that is not even called YAML means it to be Flink's, and strictness leaves none.
	strict := defaults()
	strict.StrictInput = true
	for name, options := range map[string]check.Options{"note": defaults(), "list.json": strict} {
		wantSaid(t, run(t, options, nil, name), "problem "+name+":1:1: this is neither a manifest nor Flink configuration: the file is not a map of options")
	}
}

func TestWhereThereIsNothingThereIsNothingToSay(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                     "",
		"comments":                    "# Source: chart/templates/a.yaml\r\n\r\n",
		"empty documents":             "\uFEFF---\n# Source: chart/templates/a.yaml\n--- # b\n---\n...\n",
		"documents that are null":     "null\n---\n~\n",
		"a chart that renders little": "---\n# Source: chart/templates/a.yaml\n---\n# Source: chart/templates/b.yaml\n",
	} {
		t.Run(name, func(t *testing.T) {
			inFolder(t, map[string]string{"f.yaml": text})
			wantSaid(t, run(t, defaults(), strings.NewReader(text), "-"))
			wantSaid(t, run(t, defaults(), nil, "f.yaml"))
			wantSaid(t, run(t, defaults(), nil, "."))
		})
	}
	wantSaid(t, run(t, defaults(), strings.NewReader("---\nhello\n"), "-"),
		"problem -:1:1: this is neither a manifest nor Flink configuration: the file is not a map of options")
}

func TestOfTwoFilesInAFolderTheVersionChooses(t *testing.T) {
	right := strings.Replace(faultyStandard, "kubernets", "kubernetes", 1) +
		"high-availability.cluster-id: orders\nexecution.checkpointing.dir: s3://flink/c\nkubernetes.namespace: team\n"
	for name, tc := range map[string]struct {
		version          string
		legacy, standard string
		want             []string
	}{
		"up to 1.20 flink-conf.yaml counts": {"1.20", faultyBare, right, []string{
			"flink-conf.yaml:1 flink-conf.yaml deny " + typeInvalid + "@2:25", "left config.yaml",
		}},
		"from 2.0 on config.yaml counts": {"2.1", faultyBare, right, []string{
			"config.yaml:1 config.yaml allow", "left flink-conf.yaml",
		}},
		"one of them may be the one that is not read": {"", faultyBare, right, []string{
			"config.yaml:1 config.yaml allow", "flink-conf.yaml:1 flink-conf.yaml warn " + typeInvalid + "@2:25",
		}},
		"both are wrong": {"", faultyBare, faultyStandard, []string{
			"config.yaml:1 config.yaml deny " + typeInvalid + "@5:9", "flink-conf.yaml:1 flink-conf.yaml deny " + typeInvalid + "@2:25",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inFolder(t, map[string]string{"flink-conf.yaml": tc.legacy, "config.yaml": tc.standard})
			options := defaults()
			if tc.version != "" {
				options.Version, _ = flink.ParseVersion(tc.version)
			}
			wantSaid(t, run(t, options, nil, "."), tc.want...)
		})
	}
}

func TestWhatIsNeitherManifestNorConfigurationIsAProblem(t *testing.T) {
	inFolder(t, map[string]string{"broken": "a: [\n", "latin.yaml": "jobmanager.rpc.address: caf\xe9\n", "flink-conf.yaml": "a: \xff\n"})
	wantSaid(t, run(t, defaults(), nil, "broken", "flink-conf.yaml"),
		"problem broken:2:1: this is neither a manifest nor Flink configuration: there is no value where one must be; check quotes, brackets and indentation",
		"problem flink-conf.yaml:1:4: this is not UTF-8")
}
