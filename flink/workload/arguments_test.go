package workload

import (
	"slices"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TestArguments holds what the start scripts and entry points make of arguments. What they do was found by running the scripts of
// each version with a program in the place of Java that prints its arguments, and these with commons-cli.
func TestArguments(t *testing.T) {
	const (
		flink14, flink15, flink153, flink18 = "flink:1.14", "flink:1.15", "flink:1.15.3", "flink:1.18.1"
		flink20, flink2, other              = "flink:1.20.1", "flink:2.0.1", "mine:7"
	)
	cases := map[string]struct {
		image       string
		args        []string
		want        map[string]string
		wantRefused bool
		wantIgnored string // key
		wantGap     bool
	}{
		"both forms for an application": {
			flink20,
			[]string{"standalone-job", "-Da=1", "-D", "b=2", "--job-classname", "Main", "-D", "c=3"},
			map[string]string{"a": "1", "b": "2", "c": "3"},
			false, "", false,
		},
		"both forms for a TaskManager":      {flink20, []string{"taskmanager", "-Da=1", "-D", "b=2"}, map[string]string{"a": "1", "b": "2"}, false, "", false},
		"the last of one key counts":        {flink20, []string{"taskmanager", "-Da=1", "-Da=2"}, map[string]string{"a": "2"}, false, "", false},
		"a value with more equal signs":     {flink20, []string{"taskmanager", "-Da=b=c", "-D", "d=e=f"}, map[string]string{"a": "b=c", "d": "e=f"}, false, "", false},
		"no value is true in one word":      {flink20, []string{"taskmanager", "-Da"}, map[string]string{"a": "true"}, false, "", false},
		"no value in two words is refused":  {flink20, []string{"taskmanager", "-D", "a"}, nil, true, "", false},
		"the next word is the value then":   {flink20, []string{"taskmanager", "-D", "a", "b"}, map[string]string{"a": "b"}, false, "", false},
		"an empty value":                    {flink20, []string{"taskmanager", "-Da="}, map[string]string{"a": ""}, false, "", false},
		"quotes go from a word":             {flink20, []string{"taskmanager", "-D", `"a=b"`}, map[string]string{"a": "b"}, false, "", false},
		"quotes stay in a value":            {flink20, []string{"taskmanager", `-Da="b"`}, map[string]string{"a": `"b"`}, false, "", false},
		"-D=v is the key v":                 {flink20, []string{"taskmanager", "-D=v"}, map[string]string{"v": "true"}, false, "", false},
		"a colon instead of an equal sign":  {flink20, []string{"taskmanager", "-Da: b"}, map[string]string{"a: b": "true", "a": "-"}, false, "", false},
		"two hyphens end the options":       {flink20, []string{"taskmanager", "--Da=b", "-Dc=d"}, map[string]string{"a": "-", "c": "-"}, false, "c", false},
		"two hyphens alone do too":          {flink20, []string{"taskmanager", "--", "-Dc=d"}, map[string]string{"c": "-"}, false, "c", false},
		"nothing counts after the job's":    {flink20, []string{"standalone-job", "input.txt", "-Da=b"}, map[string]string{"a": "-"}, false, "a", false},
		"an unknown option is the job's":    {flink20, []string{"standalone-job", "--restoreMode", "CLAIM", "-Da=b"}, map[string]string{"a": "-"}, false, "a", false},
		"an option may be shortened":        {flink20, []string{"standalone-job", "--job-c", "Main", "-Da=b"}, map[string]string{"a": "b"}, false, "", false},
		"but must stay unique":              {flink20, []string{"standalone-job", "--job", "Main"}, nil, true, "", false},
		"options with an equal sign":        {flink20, []string{"standalone-job", "--job-classname=Main", "-j=Main", "-Da=b"}, map[string]string{"a": "b"}, false, "", false},
		"a list of jars takes what follows": {flink20, []string{"standalone-job", "--jars", "a.jar", "b.jar", "-Da=b"}, map[string]string{"a": "b"}, false, "", false},
		"jars are unknown up to 1.18":       {flink18, []string{"standalone-job", "--jars", "a.jar", "-Da=b"}, map[string]string{"a": "-"}, false, "a", false},
		"a job id that is none":             {flink20, []string{"standalone-job", "--job-id", "7"}, nil, true, "", false},
		"a port that is none":               {flink20, []string{"standalone-job", "--webui-port", "http"}, nil, true, "", false},
		"--host counts more than -D up to 1.20": {
			flink20,
			[]string{"standalone-job", "--host", "h", "-D", "jobmanager.rpc.address=x", "-Da=b"},
			map[string]string{keyAddress: "h", "a": "b"},
			false, "", false,
		},
		"--host ends the options of Flink 2":    {flink2, []string{"standalone-job", "--host", "h", "-Da=b"}, map[string]string{keyAddress: "-", "a": "-"}, false, "a", false},
		"--host of an unknown version":          {other, []string{"standalone-job", "--host", "h", "-Da=b"}, map[string]string{keyAddress: "?", "a": "?"}, false, "a", false},
		"what looks like an option":             {flink18, []string{"taskmanager", "-D", "a", "--D"}, nil, true, "", false},
		"was a value for the parser up to 1.14": {flink14, []string{"taskmanager", "-D", "a", "--D"}, map[string]string{"a": "--D"}, false, "", false},
		"the configuration directory of the script comes first": {
			flink20, []string{"standalone-job", "--configDir", "/elsewhere", "-Da=b"}, map[string]string{"a": "b"}, false, "", false,
		},

		"a session takes -D alone":             {flink20, []string{"jobmanager", "-D", "a=b", "-Dc=d"}, map[string]string{"a": "b", "c": "d"}, false, "", false},
		"a session takes -D after its host":    {flink20, []string{"jobmanager", "h", "-D", "a=b"}, map[string]string{"a": "b", keyAddress: "h"}, false, "", false},
		"its host counts more than -D":         {flink2, []string{"jobmanager", "h", "-D", "jobmanager.rpc.address=x"}, map[string]string{keyAddress: "h"}, false, "", false},
		"a session takes -D after its port":    {flink2, []string{"jobmanager", "h", "8081", "-Da=b"}, map[string]string{"a": "b", keyAddress: "h", keyRestPort: "8081"}, false, "", false},
		"the one-word form is a host in 2.0":   {flink2, []string{"jobmanager", "-Da=b"}, map[string]string{"a": "-", keyAddress: "-Da=b"}, false, "a", false},
		"and nothing starts before":            {flink20, []string{"jobmanager", "-Da=b"}, map[string]string{"a": "-"}, true, "a", false},
		"a second one is the port":             {flink2, []string{"jobmanager", "-Da=b", "-Dc=d", "-De=f"}, map[string]string{"a": "-", "c": "-", "e": "f"}, false, "a", false},
		"the one-word form after a host":       {flink2, []string{"jobmanager", "h", "-Da=b"}, map[string]string{"a": "-", keyRestPort: "-Da=b"}, false, "a", false},
		"before 1.15 nothing is passed on":     {flink14, []string{"jobmanager", "-D", "a=b"}, map[string]string{"a": "-"}, true, "a", false},
		"nor after a host":                     {flink14, []string{"jobmanager", "h", "8081", "-D", "a=b"}, map[string]string{"a": "-", keyAddress: "h"}, false, "a", false},
		"1.15.3 passes on":                     {flink153, []string{"jobmanager", "h", "8081", "-D", "a=b"}, map[string]string{"a": "b"}, false, "", false},
		"1.15 may":                             {flink15, []string{"jobmanager", "h", "8081", "-D", "a=b"}, map[string]string{"a": "?", keyAddress: "h"}, false, "a", false},
		"an unknown version that starts":       {other, []string{"jobmanager", "-D", "a=b"}, map[string]string{"a": "b"}, false, "", false},
		"a word of the job's before the host":  {flink2, []string{"jobmanager", "-D", "a=b", "x", "-Dc=d"}, map[string]string{"a": "b", "c": "-"}, false, "c", false},
		"an empty host ends the options":       {flink2, []string{"jobmanager", "", "-D", "a=b"}, map[string]string{"a": "-"}, false, "a", false},
		"a host that the script cannot handle": {flink2, []string{"jobmanager", "a b", "-D", "c=d"}, map[string]string{"c": "d", keyAddress: "-"}, false, "", true},
		"--host is a host, not an option":      {flink2, []string{"jobmanager", "--host", "h", "-D", "a=b"}, map[string]string{"a": "b", keyAddress: "--host", keyRestPort: "h"}, false, "", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			process := recognize(t, pod(image(tc.image), args(tc.args...), conf("c", DefaultConfDir, "")))
			got := process.Configuration(cluster(map[string]map[string]string{"c": {flink.LegacyFile: "", flink.StandardFile: ""}}))
			wantStates(t, got, tc.want)
			if refusal := process.Refusal(Surroundings{}); (refusal != nil) != tc.wantRefused {
				t.Errorf("got the refusal %+v, want one: %t", refusal, tc.wantRefused)
			}
			if (len(got.Gaps) > 0) != tc.wantGap {
				t.Errorf("got the gaps %v, want some: %t", got.Gaps, tc.wantGap)
			}
			switch {
			case (len(got.Ignored) > 0) != (tc.wantIgnored != ""), tc.wantIgnored != "" && got.Ignored[0].Key != tc.wantIgnored:
				t.Errorf("got ignored %+v, want %q", got.Ignored, tc.wantIgnored)
			}
		})
	}
}

func TestPlacesOfArguments(t *testing.T) {
	template := pod(command("/docker-entrypoint.sh", "standalone-job", "-Da=1"), args("-D", "b=2", "--host", "h"))
	got := recognize(t, template).Configuration(Surroundings{})
	for key, want := range map[string]string{"a": "command[2]", "b": "args[1]", keyAddress: "args[3]"} {
		setting, _ := got.Lookup(key)
		if setting.Path != testPath+"."+want || setting.Origin != flink.OriginArgument {
			t.Errorf("%s: got %s from %s, want %s", key, setting.Path, setting.Origin, want)
		}
	}
}

func TestOtherLaunches(t *testing.T) {
	cases := map[string]struct {
		modify  modifier
		want    map[string]string
		wantGap bool
	}{
		"a plain shell line":              {command("sh", "-c", `exec /docker-entrypoint.sh standalone-job -Da="b c" -D 'd=e'`), map[string]string{"a": "b c", "d": "e"}, false},
		"harmless commands before":        {command("sh", "-c", "set -e\necho starting # now\nsleep 5 && /docker-entrypoint.sh taskmanager -Da=b"), map[string]string{"a": "b"}, false},
		"a command that may write":        {command("sh", "-c", "cp /a /opt/flink/conf/ && /docker-entrypoint.sh taskmanager -Da=b"), map[string]string{"a": "b"}, true},
		"a variable of the shell":         {command("sh", "-c", `/docker-entrypoint.sh taskmanager -Da="$B"`), map[string]string{"a": "-"}, true},
		"a pipe":                          {command("sh", "-c", "/docker-entrypoint.sh taskmanager -Da=b | tee log"), map[string]string{"a": "-"}, true},
		"a redirection":                   {command("sh", "-c", "/docker-entrypoint.sh taskmanager -Da=b > log"), map[string]string{"a": "-"}, true},
		"an unclosed quote":               {command("sh", "-c", "/docker-entrypoint.sh taskmanager -Da='b"), map[string]string{"a": "-"}, true},
		"a continued line":                {command("sh", "-c", "/docker-entrypoint.sh taskmanager \\\n -Da=b"), map[string]string{"a": "b"}, false},
		"an init process":                 {command("tini", "--", "/docker-entrypoint.sh", "taskmanager", "-Da=b"), map[string]string{"a": "b"}, false},
		"a wrapper":                       {command("/my", "/docker-entrypoint.sh", "taskmanager", "-Da=b"), map[string]string{"a": "-"}, true},
		"a start script":                  {command("/opt/flink/bin/jobmanager.sh", "start-foreground", "h", "-D", "a=b"), map[string]string{"a": "b", keyAddress: "h"}, false},
		"the native client":               {args("bash", "-c", "kubernetes-jobmanager.sh kubernetes-application -Da='b' -D c=d"), map[string]string{"a": "b", "c": "d"}, false},
		"its options are only properties": {args("bash", "-c", "kubernetes-jobmanager.sh kubernetes-session --host h -Da=b"), map[string]string{"a": "-"}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := recognize(t, pod(tc.modify)).Configuration(Surroundings{})
			wantStates(t, got, tc.want)
			if (len(got.Gaps) > 0) != tc.wantGap {
				t.Errorf("got the gaps %v, want some: %t", got.Gaps, tc.wantGap)
			}
		})
	}
}

func TestArgumentsAreBounded(t *testing.T) {
	for name, words := range map[string][]string{
		"words": slices.Repeat([]string{"-Da=b"}, 2*maxWords), "bytes": {"-D", "a=" + strings.Repeat("b", 2*maxWordBytes)},
	} {
		got := recognize(t, pod(args(append([]string{"taskmanager", "-Dc=d"}, words...)...))).Configuration(Surroundings{})
		if got.Complete() || state(got, "a") != "-" {
			t.Errorf("too many %s: got %d settings and the gaps %v", name, len(got.Settings), got.Gaps)
		}
	}
}

func TestTheHostThatEndsTheOptionsIsIgnored(t *testing.T) {
	cases := map[string]struct {
		image string
		args  []string
		want  bool
	}{
		"Flink 2":                        {"flink:2.0.1", []string{"standalone-job", "--host", "h"}, true},
		"Flink 2, in one word":           {"flink:2.0.1", []string{"standalone-job", "--host=h"}, true},
		"Flink 1.20 has it":              {"flink:1.20.1", []string{"standalone-job", "--host", "h"}, false},
		"behind another word":            {"flink:2.0.1", []string{"standalone-job", "run", "--host", "h"}, false},
		"a TaskManager never had it":     {"flink:2.0.1", []string{"taskmanager", "--host", "h"}, false},
		"a session's script makes words": {"flink:2.0.1", []string{"jobmanager", "h"}, false},
	}
	for name, tc := range cases {
		process := recognize(t, pod(image(tc.image), args(tc.args...)))
		got := false
		for _, ignored := range process.Configuration(Surroundings{}).Ignored {
			got = got || IsHostOption(ignored.Key) && ignored.Path == process.Path+".args[1]"
		}
		if got != tc.want {
			t.Errorf("%s: got %t, want %t", name, got, tc.want)
		}
	}
}
