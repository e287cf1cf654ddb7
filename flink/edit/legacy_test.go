package edit

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// editCase is a text before and after an edit. A value of removed stands for Remove.
type editCase struct {
	text, key, value string
	want             string
	wantRefused      string // part of the reason, "" for an edit that is made
	wantLine         int
}

const removed = "\x00removed"

func runCases(t *testing.T, loader flink.Loader, cases map[string]editCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := editWith(loader, tc.text, tc.key, tc.value)
			if tc.wantRefused != "" {
				checkRefused(t, err, tc)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("edited text (-want,+got):\n%s", diff)
			}
		})
	}
}

func editWith(loader flink.Loader, text, key, value string) (string, error) {
	if value == removed {
		return Remove(text, loader, key)
	}
	return Set(text, loader, key, value)
}

func checkRefused(t *testing.T, err error, tc editCase) {
	t.Helper()
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("got error %v, want a refusal with %q", err, tc.wantRefused)
	}
	if !strings.Contains(refused.Reason, tc.wantRefused) {
		t.Errorf("reason %q does not contain %q", refused.Reason, tc.wantRefused)
	}
	if refused.Line != tc.wantLine {
		t.Errorf("line %d, want %d", refused.Line, tc.wantLine)
	}
	if tc.value != "" && len(tc.value) > 3 && strings.Contains(err.Error(), tc.value) {
		t.Errorf("the error %q holds the value", err)
	}
}

func TestSetLegacy(t *testing.T) {
	const ha, dir = flink.KeyHighAvailabilityType, flink.KeyStorageDir
	runCases(t, flink.LoaderLegacy, map[string]editCase{
		"a value is replaced, blanks and comment stay": {
			text: "# top\n  high-availability.type:   zookeeper \t# was none\nrest.port: 8081\n", key: ha, value: "kubernetes",
			want: "# top\n  high-availability.type:   kubernetes \t# was none\nrest.port: 8081\n",
		},
		"a comment without a space before it stays": {text: "a: b#c\n", key: "a", value: "d", want: "a: d#c\n"},
		"the same value changes nothing":            {text: "a:  b # c", key: "a", value: "b", want: "a:  b # c"},
		"of several lines the last is set":          {text: "a: 1\nb: 2\na: 3\nc: 4\n", key: "a", value: "5", want: "a: 1\nb: 2\na: 5\nc: 4\n"},
		"the value of the last may be an earlier one's": {
			text: "a: 1\na: 3\n", key: "a", value: "1", want: "a: 1\na: 1\n",
		},
		"the key is repeated in its value": {text: "a: b: a\n", key: "a", value: "c: a", want: "a: c: a\n"},
		"a new line goes beside its relatives": {
			text: "jobmanager.rpc.address: x\nhigh-availability.type: kubernetes\nrest.port: 1\n", key: dir, value: "s3://b/ha",
			want: "jobmanager.rpc.address: x\nhigh-availability.type: kubernetes\nhigh-availability.storageDir: s3://b/ha\nrest.port: 1\n",
		},
		"the closest relatives count": {
			text: "a.b.c: 1\na.b.d: 2\na.x: 3\n", key: "a.b.e", value: "4", want: "a.b.c: 1\na.b.d: 2\na.b.e: 4\na.x: 3\n",
		},
		"a relative's indentation is taken over": {text: "  a.b: 1\nc: 2\n", key: "a.c", value: "3", want: "  a.b: 1\n  a.c: 3\nc: 2\n"},
		"without relatives it goes to the end":   {text: "a: 1\n# end\n\n", key: "b", value: "2", want: "a: 1\n# end\n\nb: 2\n"},
		"no line break at the end":               {text: "a: 1", key: "b", value: "2", want: "a: 1\nb: 2"},
		"an empty file":                          {text: "", key: "b", value: "2", want: "b: 2\n"},
		"comments only":                          {text: "# a: 1\n", key: "a", value: "2", want: "# a: 1\na: 2\n"},
		"CR LF":                                  {text: "a.x: 1\r\nb: 2\r\n", key: "a.y", value: "3", want: "a.x: 1\r\na.y: 3\r\nb: 2\r\n"},
		"CR":                                     {text: "a: 1\rb: 2", key: "c", value: "3", want: "a: 1\rb: 2\rc: 3"},
		"a byte order mark is part of the first key": {text: "\ufeffa: 1\n", key: "a", value: "2", want: "\ufeffa: 1\na: 2\n"},
		"nothing but a byte order mark":              {text: "\ufeff", key: "a", value: "2", want: "\ufeff\na: 2"},
		"a line that lacks the space is mended": {
			text: "x: 1\nhigh-availability.type:kubernetes # HA\ny: 2\n", key: ha, value: "kubernetes",
			want: "x: 1\nhigh-availability.type: kubernetes # HA\ny: 2\n",
		},
		"a line that lacks the value is mended": {
			text: "kubernetes.cluster-id: \t# fill in\ny: 2\n", key: flink.KeyClusterID, value: "demo",
			want: "kubernetes.cluster-id: demo \t# fill in\ny: 2\n",
		},
		"a line with '=' is mended":                    {text: "a.b=c\n", key: "a.b", value: "c", want: "a.b: c\n"},
		"a line with a tab is mended":                  {text: "a.b:\tc\n", key: "a.b", value: "c", want: "a.b: c\n"},
		"an ignored line of a key that is set is left": {text: "a: 1\na:2\n", key: "a", value: "3", want: "a: 3\na:2\n"},
		"a value with colons":                          {text: "a: 1\n", key: "a", value: "http://x: y", want: "a: http://x: y\n"},
		"quotes are part of the value":                 {text: "a: \"1\"\n", key: "a", value: "1", want: "a: 1\n"},
		"bytes that are no UTF-8 stay where they are":  {text: "a: \xff\nb: 1\n", key: "b", value: "2", want: "a: \xff\nb: 2\n"},
		"a hash in the value":                          {text: "a: 1\n", key: "a", value: "s3://b/x#y", wantRefused: "'#'"},
		"an empty value":                               {text: "a: 1\n", key: "a", value: "", wantRefused: "empty value"},
		"a blank at the end":                           {text: "a: 1\n", key: "a", value: "long ", wantRefused: "blank"},
		"a control character at the start":             {text: "a: 1\n", key: "a", value: "\x01long", wantRefused: "control character"},
		"a line break":                                 {text: "a: 1\n", key: "a", value: "long\nb: 2", wantRefused: "line break"},
		"a key with a colon and a space":               {text: "a: 1\n", key: "a: b", value: "c", wantRefused: "colon and a space"},
		"a key with a hash":                            {text: "a: 1\n", key: "a#", value: "c", wantRefused: "key with '#'"},
		"no key":                                       {text: "a: 1\n", key: "", value: "c", wantRefused: "no key"},
		"a value that is no UTF-8":                     {text: "a: 1\n", key: "a", value: "\xff", wantRefused: "UTF-8"},
		"a file that is too large":                     {text: strings.Repeat("a: 1\n", 300_000), key: "a", value: "c", wantRefused: "larger"},
		"a file that becomes too large":                {text: strings.Repeat("a: 1\n", 200_000), key: "b", value: strings.Repeat("x", 100_000), wantRefused: "no line"},
		"a key that begins like another":               {text: "ab: 1\na: 2\n", key: "a", value: "3", want: "ab: 1\na: 3\n"},
		"a key that ends with a colon":                 {text: "a: 1\n", key: "a:", value: "3", want: "a: 1\na:: 3\n"},
	})
}

func TestRemoveLegacy(t *testing.T) {
	runCases(t, flink.LoaderLegacy, map[string]editCase{
		"all lines with the key go, with their comments": {
			text: "a: 1\n# about b\nb: 2 # x\na: 3\n", key: "a", value: removed, want: "# about b\nb: 2 # x\n",
		},
		"ignored lines stay":                     {text: "a:1\na: 2\n", key: "a", value: removed, want: "a:1\n"},
		"no line break at the end":               {text: "b: 1\r\na: 2", key: "a", value: removed, want: "b: 1"},
		"the last two, no line break at the end": {text: "b: 1\na: 2\na: 3", key: "a", value: removed, want: "b: 1"},
		"the only line":                          {text: "a: 2", key: "a", value: removed, want: ""},
		"nothing to remove":                      {text: "b: 1\r", key: "a", value: removed, want: "b: 1\r"},
	})
}
