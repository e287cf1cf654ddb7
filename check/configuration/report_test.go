package configuration

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// asText reads files and returns the report and the problems.
func asText(t *testing.T, version string, arguments ...string) string {
	t.Helper()
	var parsed flink.Version
	if version != "" {
		var err error
		if parsed, err = flink.ParseVersion(version); err != nil {
			t.Fatal(err)
		}
	}
	readings, problems := Configurations(manifest.Read(arguments, nil), parsed)
	var out bytes.Buffer
	if err := WriteText(&out, readings, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		fmt.Fprintf(&out, "error: %v\n", problem)
	}
	return out.String()
}

func TestBareFiles(t *testing.T) {
	legacy := "# é\nrest.port: 1\nrest.port: 2 # two\nhigh-availability:kubernetes\nnot an option\n"
	standard := "rest:\n  port: 1\n"
	for sentence, tc := range map[string]struct {
		files     map[string]string
		arguments []string
		version   string
		want      string
	}{
		"legacy": {map[string]string{"flink-conf.yaml": legacy}, []string{"flink-conf.yaml"}, "", `flink-conf.yaml
  legacy loader (flink-conf.yaml); Flink reads it up to 1.20
  2:12  rest.port = 1  (does not count: set again at 3:12)
  3:12  rest.port = 2
  4:1   ignored: no space follows the colon (high-availability)
  5:1   ignored: there is no colon
`},
		"standard, by its name": {map[string]string{"config.yaml": "a: 1\n"}, []string{"."}, "", `config.yaml
  standard loader (config.yaml); nothing in it is an option that only Flink has; it is read because of its name; Flink reads it from 1.19 on
  1:4  a = 1
`},
		"refused": {map[string]string{"config.yaml": "jobmanager:\n  rpc.address: x\nrest.port:\n"}, []string{"."}, "2.0", `config.yaml
  standard loader (config.yaml); Flink 2.0
  3:1  REFUSED: Flink does not start with this: the key "rest.port" has no value
`},
		"both, 1.20": {map[string]string{"c/config.yaml": standard, "c/flink-conf.yaml": "rest.port: 2\n"}, []string{"c"}, "1.20", `c/config.yaml
  standard loader (config.yaml); Flink 1.20; nothing in it is an option that only Flink has; it is read because of its name; Flink 1.20 does not read it: it takes the flink-conf.yaml beside it
  2:9  rest.port = 1

c/flink-conf.yaml
  legacy loader (flink-conf.yaml); Flink 1.20
  1:12  rest.port = 2
`},
		"legacy, 2.0": {map[string]string{"flink-conf.yaml": "rest.port: 2\n"}, []string{"."}, "2.0", `flink-conf.yaml
  legacy loader (flink-conf.yaml); Flink 2.0; Flink 2.0 does not read it: since 2.0 only config.yaml counts
  1:12  rest.port = 2
`},
		"another name, either way": {map[string]string{"x.conf": "rest.port: 2\n"}, []string{"x.conf"}, "", `x.conf
  standard loader (config.yaml); taken for a config.yaml; as a flink-conf.yaml it would say the same
  1:12  rest.port = 2
`},
		"another name, nested": {map[string]string{"x.conf": standard}, []string{"x.conf"}, "", `x.conf
  standard loader (config.yaml); taken for a config.yaml; as a flink-conf.yaml it would say something else (name the version with --flink-version)
  2:9  rest.port = 1
`},
		"another name, no YAML": {map[string]string{"x.conf": "rest.port: 2\nrest.port: 3\n"}, []string{"x.conf"}, "", `x.conf
  legacy loader (flink-conf.yaml); taken for a flink-conf.yaml: Flink would refuse it as a config.yaml
  1:12  rest.port = 2  (does not count: set again at 2:12)
  2:12  rest.port = 3
`},
		"another name, by the version": {map[string]string{"x.conf": standard}, []string{"x.conf"}, "1.17", `x.conf
  legacy loader (flink-conf.yaml); Flink 1.17; taken for a flink-conf.yaml: Flink 1.17 reads no other; nothing in it begins like an option of Flink's
  1:1  ignored: there is no value
  2:9  port = 1
`},
		"another name, nothing of Flink's": {
			map[string]string{"notes.txt": "Dear Sir: [\n"},
			[]string{"notes.txt"},
			"",
			"error: notes.txt:2:1: this is neither a manifest nor Flink configuration: there is no value where one must be; check quotes, brackets and indentation\n",
		},
		"a folder without any": {map[string]string{"values.yaml": "rest.port: 1\n"}, []string{"."}, "", ""},
		"a manifest with the name of a file": {map[string]string{"config.yaml": configMapWith("|\n    rest.port: 1\n")}, []string{"config.yaml"}, "", `config.yaml:1:1 ConfigMap flink-config data["flink-conf.yaml"]
  legacy loader (flink-conf.yaml); Flink reads it up to 1.20
  6:16  rest.port = 1
`},
	} {
		t.Run(sentence, func(t *testing.T) {
			write(t, tc.files)
			if diff := cmp.Diff(tc.want, asText(t, tc.version, tc.arguments...)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

const jobManager = `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager, namespace: streaming}
spec:
  template:
    spec:
      containers:
      - name: jobmanager
        image: flink:1.20.1
        args: [jobmanager, -D, "rest.port=82", -D, parallelism.default=4]
        volumeMounts: [{name: c, mountPath: /opt/flink/conf}]
      volumes: [{name: c, configMap: {name: flink-config}}]
`

func TestWorkloadsHaveTheConfigMapsOfTheInput(t *testing.T) {
	write(t, map[string]string{"d/a.yaml": jobManager, "d/c.yaml": configMapWith("|\n    rest.port: 81\n    jobmanager.rpc.address: jobmanager\n")})
	want := `d/a.yaml:1:1 Deployment streaming/jobmanager spec.template.spec.containers[0]
  Flink 1.20.1; what the JobManager ends up with: its file, its environment and its arguments
  in d/c.yaml:
  6:16   rest.port = 81  (does not count: set again at d/a.yaml:10:32)
  7:29   jobmanager.rpc.address = jobmanager
  in d/a.yaml:
  10:32  rest.port = 82  [argument]
  10:52  parallelism.default = 4  [argument]
`
	if diff := cmp.Diff(want, asText(t, "", "d/a.yaml", "d/c.yaml")[:len(want)]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for sentence, other := range map[string]string{
		"not given":          "a: 1\n",
		"given twice":        configMapWith("|\n    rest.port: 81\n") + "---\n" + configMapWith("|\n    rest.port: 82\n"),
		"of other namespace": strings.Replace(configMapWith("|\n    rest.port: 81\n"), "{name", "{namespace: other, name", 1),
	} {
		t.Run(sentence, func(t *testing.T) {
			write(t, map[string]string{"a.yaml": jobManager, "c.yaml": other})
			if got := asText(t, "", "a.yaml", "."); !strings.Contains(got, "unknown: more may be set here: ") {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func TestCustomResources(t *testing.T) {
	write(t, map[string]string{"r.yaml": `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata:
  name: orders
  namespace: streaming
spec:
  image: flink:1.20
  flinkVersion: v1_20
  flinkConfiguration:
    rest.port: 8082
    high-availability:
      type: kubernetes
      storageDir: s3://flink-ha/orders
`})
	want := `r.yaml:1:1 FlinkDeployment streaming/orders
  Flink 1.20; what the operator gives to the cluster, or the job brings with it
  13:19  high-availability.storageDir = s3://flink-ha/orders
  12:13  high-availability.type = kubernetes
  10:16  rest.port = 8082
  5:14   kubernetes.namespace = streaming
  4:9    kubernetes.cluster-id = orders
  4:9    high-availability.cluster-id = orders
  10:5   unknown: more may be set here: the operator's default configuration is not known
`
	if diff := cmp.Diff(want, asText(t, "", "r.yaml")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestJSON(t *testing.T) {
	write(t, map[string]string{"a/config.yaml": "high-availability:\n  type: kubernetes\nhigh-availability.type: NONE\ns3.secret-key: <x>\n"})
	readings, _ := Configurations(manifest.Read([]string{"a"}, nil), flink.Version{Major: 2})
	var out bytes.Buffer
	if err := WriteJSON(&out, readings); err != nil {
		t.Fatal(err)
	}
	want := `{"file":"a/config.yaml","loader":"standard","flinkVersion":"2.0","error":null,` +
		`"settings":[{"key":"high-availability.type","value":"NONE","line":3,"column":25,"origin":"file","keyLine":3,"keyColumn":1},` +
		`{"key":"s3.secret-key","value":"<x>","line":4,"column":16,"origin":"file","keyLine":4,"keyColumn":1}],` +
		`"overridden":[{"key":"high-availability.type","value":"kubernetes","line":2,"column":9,"origin":"file","keyLine":2,"keyColumn":3}],` +
		`"ignored":[],"notes":["nothing in it is an option that only Flink has; it is read because of its name"]}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestJSONOfARefusal(t *testing.T) {
	write(t, map[string]string{"config.yaml": "a: 1\nb: [\n", "flink-conf.yaml": "a\n"})
	readings, _ := Configurations(manifest.Read([]string{"config.yaml", "flink-conf.yaml"}, nil), flink.Version{})
	var out bytes.Buffer
	if err := WriteJSON(&out, readings); err != nil {
		t.Fatal(err)
	}
	type line struct {
		Error *struct {
			Message      string
			Line, Column int
		}
		Settings, Ignored []json.RawMessage
	}
	var refused, ignored line
	decoder := json.NewDecoder(&out)
	if err := decoder.Decode(&refused); err != nil || refused.Error == nil || refused.Error.Line != 3 || len(refused.Settings) != 0 || refused.Settings == nil {
		t.Errorf("got %+v, %v", refused, err)
	}
	if err := decoder.Decode(&ignored); err != nil || ignored.Error != nil || len(ignored.Ignored) != 1 {
		t.Errorf("got %+v, %v", ignored, err)
	}
}

func TestSecretsAreHidden(t *testing.T) {
	for _, key := range []string{
		"security.ssl.rest.key-password", "S3.SECRET-key", "fs.azure.account.key.x.blob.core.windows.net", "metrics.reporter.dghttp.apikey",
		"a.auth-params", "a.service-key", "kubernetes.token", "a.basic-auth", "a.jaas.config", "a.http-headers", "a.api-key", "s3.access-key",
	} {
		if !IsSensitive(key) || Redact(key, "x") != Hidden {
			t.Errorf("%s is shown", key)
		}
	}
	if got := Redact("high-availability.zookeeper.quorum", "zk://me:word@host/x"); got != "zk://***@host/x" {
		t.Errorf("got %s", got)
	}
	if IsSensitive("high-availability.storageDir") {
		t.Error("the storage directory is hidden")
	}
	// What stands on a line that Flink ignores may be the rest of a key that was broken over lines.
	for text, want := range map[string]string{"high-availability": "high-availability", "rest.port": "rest.port", "MIIEvQIBADANBgkqhkiG9w0": "", "Xa+b/c==": "", "hunter2": ""} {
		if got := shownKey(text); got != want {
			t.Errorf("of %q %q is shown", text, got)
		}
	}
}

func TestTextCannotMoveTheCursor(t *testing.T) {
	write(t, map[string]string{"flink-conf.yaml": "a: x\x1b[31mred\nb: x\u202ey\n"})
	got := asText(t, "", "flink-conf.yaml")
	if strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, `a = "x\x1b[31mred"`) {
		t.Errorf("got %q", got)
	}
	readings, _ := Configurations(manifest.Read([]string{"flink-conf.yaml"}, nil), flink.Version{})
	var coloured bytes.Buffer
	if err := WriteText(&coloured, readings, TextOptions{Colour: true}); err != nil || !strings.HasPrefix(coloured.String(), bold+"flink-conf.yaml"+normal) {
		t.Errorf("got %q, %v", coloured.String(), err)
	}
}
