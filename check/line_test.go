package check_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/check"
)

func TestALineIsShownIfItsFormSaysWhatItIs(t *testing.T) {
	// The mark ‸ stands where the place is.
	for name, tc := range map[string]struct {
		text, want string
		caret      int
	}{
		"an option in a block scalar": {
			"data:\n  flink-conf.yaml: |\n    high-availability.storageDir: ‸s3://bucket/ha\n    a: b\n", "    high-availability.storageDir: s3://bucket/ha", 35,
		},
		"Windows line ends":         {"a: b\r\nhigh-availability: ‸kubernetes\r\nc: d\r\n", "high-availability: kubernetes", 20},
		"a byte order mark":         {"\uFEFFhigh-availability: ‸kubernetes\n", "high-availability: kubernetes", 20},
		"characters of many bytes":  {"cluster.name: größe ‸x\n", "cluster.name: größe x", 21},
		"tabs":                      {"\tcluster.name:\t‸x\n", "\tcluster.name:\tx", 16},
		"a field without a value":   {"spec:\n  ‸replicas:\n", "  replicas:", 3},
		"the end of a line":         {"spec:\n  kind: Job‸   \n", "  kind: Job", 12},
		"behind the end of a line":  {"spec:\n  kind: Job   ‸\n", "  kind: Job", 12},
		"the end of the text":       {"kind: Job‸", "kind: Job", 10},
		"JSON":                      {"{\n  \"kind\": ‸\"Job\",\n}", `  "kind": "Job",`, 11},
		"JSON on one line":          {`{"kind":‸"ConfigMap","data":{"config.yaml":"a.b: c\nd.e: [f]"}}`, `{"kind":"ConfigMap","data":{"config.yaml":"a.b: c\nd.e: [f]"}}`, 9},
		"arguments on one line":     {`args: ["standalone-job", ‸"-Dhigh-availability.type=kubernetes", "-D", "rest.port=8081"]`, `args: ["standalone-job", "-Dhigh-availability.type=kubernetes", "-D", "rest.port=8081"]`, 26},
		"an application":            {"args: [standalone-job, ‸--job-classname, com.example.Orders]", "args: [standalone-job, --job-classname, com.example.Orders]", 24},
		"an argument":               {"args:\n- ‸-Dhigh-availability.storageDir=s3://b/ha\n", "- -Dhigh-availability.storageDir=s3://b/ha", 3},
		"a dynamic property apart":  {"args:\n  - -D\n  - ‸high-availability.type=kubernetes\n", "  - high-availability.type=kubernetes", 5},
		"a command of Flink's":      {"command: [‸/opt/flink/bin/jobmanager.sh, start-foreground]", "command: [/opt/flink/bin/jobmanager.sh, start-foreground]", 11},
		"an option without a colon": {"high-availability.type‸ kubernetes\n", "high-availability.type kubernetes", 23},
		"an option without a space": {"high-availability.type‸:kubernetes\n", "high-availability.type:kubernetes", 23},
		"a list with commas":        {"high-availability.zookeeper.quorum: ‸zk1:2181,zk2:2181\n", "high-availability.zookeeper.quorum: zk1:2181,zk2:2181", 37},
		"the container of a store":  {"high-availability.storageDir: ‸abfss://flink@account.dfs.core.windows.net/ha\n", "high-availability.storageDir: abfss://flink@account.dfs.core.windows.net/ha", 31},
		"the digest of an image":    {"image: ‸flink:2.1@sha256:0123456789abcdef\n", "image: flink:2.1@sha256:0123456789abcdef", 8},
		"the token of an account":   {"spec:\n  automountServiceAccountToken: ‸false\n", "  automountServiceAccountToken: false", 33},
		"an exemption":              {"exempt.flink-ha.dev/service-account-token-not-mounted: ‸2026-01-01 we know\n", "exempt.flink-ha.dev/service-account-token-not-mounted: 2026-01-01 we know", 56},
		"a URI's password":          {"high-availability.storageDir: ‸s3://user:hunter2@bucket/ha\n", "high-availability.storageDir: s3://***@bucket/ha", 31},
		"a URI's signature":         {"high-availability.storageDir: ‸wasb://c@a/ha?sv=1&x=hunter2\n", "high-availability.storageDir: wasb://c@a/ha?***", 31},
		"where an environment's text begins": {
			"env:\n- name: FLINK_PROPERTIES\n  value: ‸|\n    rest.port: 1\n", "  value: |", 10,
		},
		"an option in an environment": {
			"env:\n- name: FLINK_PROPERTIES\n  value: >-\n    rest.port: ‸1\n", "    rest.port: 1", 16,
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, offset := marked(t, tc.text)
			line, caret := check.ShownLine(text, offset)
			if line != tc.want || caret != tc.caret {
				t.Errorf("got %q with the caret at %d, want %q and %d", line, caret, tc.want, tc.caret)
			}
		})
	}
}

// marked cuts out the mark of a place.
func marked(t *testing.T, text string) (string, int) {
	t.Helper()
	const mark = "‸"
	at := strings.Index(text, mark)
	if at < 0 {
		t.Fatalf("no place is marked in %q", text)
	}
	return text[:at] + text[at+len(mark):], at
}

func TestALineThatMayHoldASecretIsNotShown(t *testing.T) {
	for name, text := range map[string]string{
		"a key of Flink's":                   "s3.secret-key: ‸hunter2",
		"without a space":                    "s3.secret-key:‸hunter2",
		"below it":                           "s3.secret-key: >-\n  ‸a: hunter2",
		"far below it":                       "fs:\n  azure:\n    account:\n      key:\n\n        # the account\n        one.blob.core.windows.net: ‸hunter2",
		"below it, in a list":                "- password:\n  - ‸a: hunter2",
		"below it, in a list as deep":        "tokens:\n- ‸a: hunter2",
		"below it, with Windows line ends":   "tokens:\r\n  a:\r\n    ‸a: hunter2\r\n",
		"an argument":                        "args: [standalone-job, ‸-Ds3.secret-key=hunter2]",
		"a variable":                         "- {name: DB_PASSWORD, ‸value: hunter2}",
		"the value of some variable":         "- name: DB_PASS\n  ‸value: hunter2",
		"the same on one line":               `{"env":[{"name":"DB_PASS",‸"value":"hunter2"}]}`,
		"behind a field":                     `"name": "DB_PASS", ‸"value": "hunter2"`,
		"an argument of a program":           "args:\n- --db\n- ‸hunter2",
		"the same on one line, in JSON":      `args: ["--db",‸"hunter2"]`,
		"a text without a name":              "high-availability.type: >\n  ‸hunter2",
		"a part of a key in PEM":             "data:\n  cert.pem: |\n    ‸MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
		"a comment":                          "# ‸hunter2",
		"the configuration of JAAS":          "security.context: ‸com.Module required user=\"a\" password=\"hunter2\";",
		"a URI's password before the column": "a.b: s3://u:hunter2@b/c, ‸s3://b",
		"a URI's password with blanks":       "a.b: ‸s3://u:hunter2 and more@b/c",
		"an address without a scheme":        "a.b: ‸u:hunter2@b/c",
		"a header":                           "a.b: ‸Authorization:hunter2",
		"nothing":                            "‸",
		"a blank line":                       "a: b\n  ‸\nc: d",
		"a line that programs write":         "a.b: ‸" + strings.Repeat("x", 5000) + "hunter2",
		"one with too much above":            strings.Repeat("  x: y\n", 20_000) + "    ‸a: hunter2",
		"bytes that are no text":             "a: ‸\xff hunter2",
	} {
		t.Run(name, func(t *testing.T) {
			text, offset := marked(t, text)
			if line, caret := check.ShownLine(text, offset); line != "" || caret != 0 {
				t.Errorf("got %q with the caret at %d, want nothing", line, caret)
			}
		})
	}
}

func TestALongLineIsCutAroundTheColumn(t *testing.T) {
	long := "a.b: " + strings.Repeat("ä", 190) + "XYZ" + strings.Repeat("ö", 300)
	for name, tc := range map[string]struct {
		at         string
		start, end string
	}{
		"at its start":   {"a.b", "a.b: ä", "…"},
		"in its middle":  {"XYZ", "…ä", "ö…"},
		"before its end": {"", "…ö", "ö"},
	} {
		t.Run(name, func(t *testing.T) {
			offset := len(long)
			if tc.at != "" {
				offset = strings.Index(long, tc.at)
			}
			line, caret := check.ShownLine(long, offset)
			if got := utf8.RuneCountInString(line); got != 200 {
				t.Errorf("%d characters are shown, want 200: %q", got, line)
			}
			if !strings.HasPrefix(line, tc.start) || !strings.HasSuffix(line, tc.end) {
				t.Errorf("got %q, want it to begin with %q and to end with %q", line, tc.start, tc.end)
			}
			if got := string([]rune(line)[caret-1:]); !strings.HasPrefix(got, tc.at) || tc.at == "" && got != "" {
				t.Errorf("the caret is at %q, want it at %q", got, tc.at)
			}
		})
	}
}

// FuzzALineShowsNoSecret plants a secret under the names that secrets have, in all ways that people write configuration.
func FuzzALineShowsNoSecret(f *testing.F) {
	for form := range len(plantings()) {
		f.Add("high-availability.type: kubernetes\n", uint(2), uint(form), uint(form), uint(40))
	}
	f.Add("a:\r\n\r\n", uint(0), uint(3), uint(2), uint(3))
	f.Add("\uFEFF{", uint(4), uint(6), uint(4), uint(9))
	f.Fuzz(func(t *testing.T, around string, depth, form, key, offset uint) {
		const secret = "hunter2Hunter"
		if strings.Contains(around, secret) {
			return
		}
		indent := strings.Repeat(" ", int(depth%20))
		keys := []string{
			"s3.secret-key", "s3.access-key", "fs.azure.account.key.one.dfs.core.windows.net", "security.ssl.rest.key-password", "high-availability.zookeeper.auth-params",
			"rest.basic-auth.user", "metrics.reporter.x.token", "security.jaas.config", "DB_PASSWORD", "github_TOKEN",
		}
		planted := fmt.Sprintf(plantings()[form%uint(len(plantings()))], keys[key%uint(len(keys))], secret)
		text := around + "\n" + indent + strings.ReplaceAll(planted, "\n", "\n"+indent) + "\n" + around
		line, caret := check.ShownLine(text, int(offset%uint(len(text)+1)))
		if strings.Contains(line, secret) {
			t.Errorf("the secret is shown of %q: %q", text, line)
		}
		if length := utf8.RuneCountInString(line); length > 200 || caret > length+1 || caret < 1 && line != "" || line == "" && caret != 0 {
			t.Errorf("%q is shown of %q, with the caret at %d", line, text, caret)
		}
	})
}

// plantings are the ways to write a key with a value.
func plantings() []string {
	return []string{
		"%s: %s", "%s:%s", "%s=%s", "%s %s", `"%s": "%s"`, `{"%s":"%s"}`, "- -D%s=%s", `args: ["-D%s=%s"]`, "%s: |\n  %s", "%s: >-\n  a: %s", "%s:\n  one: %s", "%s:\n- one: %s",
		`{"kind":"ConfigMap","data":{"flink-conf.yaml":"a: b\n%s: %s\nc: d"}}`, "- name: %s\n  value: %s", "- {name: %s, value: %s}", "# %s: %s",
		"high-availability.storageDir: s3://%s:%s@bucket/path", "high-availability.storageDir: wasb://c@a/path?%s=%s",
	}
}

func BenchmarkShownLine(b *testing.B) {
	above := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: flink-config\ndata:\n  flink-conf.yaml: |\n" + strings.Repeat("    # what this is for\n    parallelism.default: 4\n", 500)
	text := above + "    high-availability.storageDir: s3://bucket/ha\n"
	for b.Loop() {
		if line, _ := check.ShownLine(text, len(above)+4); line == "" {
			b.Fatal("nothing is shown")
		}
	}
}
