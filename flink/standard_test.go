package flink

import (
	"fmt"
	"strings"
	"testing"
)

func TestLoadStandard(t *testing.T) {
	cases := map[string]struct {
		text    string
		want    map[string]string
		wantErr string // part of the reason, "" for a file that loads
		wantAt  int    // line of the error
	}{
		"nested and flat keys are the same": {
			text: "high-availability:\n  type: kubernetes\nhigh-availability.storageDir: s3://b/ha\n",
			want: map[string]string{KeyHighAvailabilityType: "kubernetes", KeyStorageDir: "s3://b/ha"},
		},
		"the later of a nested and a flat spelling counts": {
			text: "high-availability.type: zookeeper\nhigh-availability:\n  type: kubernetes\n",
			want: map[string]string{KeyHighAvailabilityType: "kubernetes"},
		},
		"quotes go, a hash in them stays": {
			text: `high-availability.storageDir: "s3://b/x#y"`,
			want: map[string]string{KeyStorageDir: "s3://b/x#y"},
		},
		"a number loses its leading zeros": {
			text: "kubernetes.cluster-id: 0123",
			want: map[string]string{KeyClusterID: "123"},
		},
		"a quoted number keeps them": {
			text: `kubernetes.cluster-id: "0123"`,
			want: map[string]string{KeyClusterID: "0123"},
		},
		"a list is one line": {
			text: "foo: [a, b]",
			want: map[string]string{"foo": "[a, b]"},
		},
		"merge keys are not merged": {
			text: "base: &b {storageDir: s3://b/ha}\nhigh-availability:\n  <<: *b\n",
			want: map[string]string{KeyStorageDir: "", "high-availability.<<.storageDir": "s3://b/ha"},
		},
		"an alias stands for its anchor": {
			text: "a: &x s3://b/ha\nhigh-availability.storageDir: *x\n",
			want: map[string]string{KeyStorageDir: "s3://b/ha"},
		},
		"numbers are those of the core schema": {
			text: "a: 0x1F\nb: 1E3\nc: 0o17\nd: 1_000\ne: 2020-01-01\n",
			want: map[string]string{"a": "31", "b": "1000.0", "c": "15", "d": "1_000", "e": "2020-01-01"},
		},
		"keys that only look like numbers or dates are text": {
			text: "1_000: a\n2020-01-01: b\nyes: c\n",
			want: map[string]string{"1_000": "a", "2020-01-01": "b", "yes": "c"},
		},
		"a version directive": {
			text: "%YAML 1.2\n---\na: 1\n",
			want: map[string]string{"a": "1"},
		},
		"a list with an alias": {
			text: "a: &x b\nc: [*x, d]\n",
			want: map[string]string{"c": "[b, d]"},
		},
		"nothing but comments is an empty configuration": {text: "# nothing\n"},
		"an empty file is an empty configuration":        {text: ""},
		"a duplicate key":        {text: "a: 1\nb: 2\na: 3\n", wantErr: "written twice", wantAt: 3, want: map[string]string{"b": "2"}},
		"a null value":           {text: "a: 1\nhigh-availability.storageDir:\n", wantErr: "has no value", wantAt: 2, want: map[string]string{"a": "1"}},
		"a nested null value":    {text: "a:\n  b: ~\n", wantErr: `"a.b" has no value`, wantAt: 2},
		"a list at the top":      {text: "- a\n- b\n", wantErr: "not a map", wantAt: 1},
		"text at the top":        {text: "high-availability:kubernetes\n", wantErr: "not a map", wantAt: 1},
		"two documents":          {text: "a: 1\n---\nb: 2\n", wantErr: "more than one document", wantAt: 2},
		"a key that is a number": {text: "1: x\n", wantErr: "a key is not text", wantAt: 1},
		"a syntax error":         {text: "a: 1\nb: [1, 2\nc: 3\n", wantErr: "a list goes on with ',' or ends with ']'", wantAt: 3},
		"a map in itself":        {text: "a: &a\n  b: *a\n", wantErr: "contains itself", wantAt: 2},
		"aliases without end":    {text: aliasBomb(40), wantErr: "more than 50 aliases", wantAt: 27},
		"a key of 1 and of 0x1":  {text: "a: [{1: x, 0x1: y}]\n", wantErr: "written twice", wantAt: 1},
		"a null that a later spelling fills does no harm": {
			text: "a.b:\na: {b: c}\n",
			want: map[string]string{"a.b": "c"},
		},
		"a null key is the text null": {text: "? \n: x\n~: y", wantErr: "written twice", want: map[string]string{"null": "y"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := LoadStandard(tc.text, "f")
			for key, want := range tc.want {
				setting, ok := got.Lookup(key)
				if ok != (want != "") || setting.Value != want {
					t.Errorf("%s: got %q, want %q", key, setting.Value, want)
				}
			}
			switch {
			case tc.wantErr == "" && got.Err != nil:
				t.Errorf("got the error %q, want none", got.Err.Reason)
			case tc.wantErr != "" && (got.Err == nil || !strings.Contains(got.Err.Reason, tc.wantErr)):
				t.Errorf("got the error %+v, want %q", got.Err, tc.wantErr)
			case tc.wantAt != 0 && got.Err.Line != tc.wantAt:
				t.Errorf("got line %d, want %d", got.Err.Line, tc.wantAt)
			}
		})
	}
}

// TestLoadStandardIsBounded tries the small files that make a careless reader run for ever.
func TestLoadStandardIsBounded(t *testing.T) {
	cases := map[string]string{
		"aliases that double at every step": aliasBomb(25),
		"aliases of a map of empty maps":    "n0: &n0 {" + manyEmpty(1000) + "}\n" + aliasSteps(15),
		"nesting ten thousand deep":         strings.Repeat("{a: ", 9_000) + "1" + strings.Repeat("}", 9_000),
		"a file in UTF-16":                  "\xff\xfea\x00:\x00 \x001\x00",
		"more than 1 MiB":                   "a: " + strings.Repeat("x", maxFileBytes),
		"a deep path before many options":   strings.Repeat("{"+strings.Repeat("k", 1000)+": ", 90) + "{" + manyKeys(6000) + "}" + strings.Repeat("}", 90),
		"many aliases of a large map":       "x: &a {" + manyKeys(4000) + "}\n" + manyAliases(50),
		"more options than anybody has":     "{" + manyKeys(101_000) + "}",
		"a list of half a million":          "a: [" + strings.Repeat("a,", 500_000) + "]",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			got := LoadStandard(text, "f")
			if got.Complete() {
				t.Errorf("got error %+v, want the rest unknown: Flink might load it", got.Err)
			}
		})
	}
}

// aliasBomb doubles at every step.
func aliasBomb(steps int) string {
	bomb := "n0: &n0 {x: 1, y: 2}\n"
	for i := 1; i <= steps; i++ {
		bomb += fmt.Sprintf("n%d: &n%d {x: *n%d, y: *n%d}\n", i, i, i-1, i-1)
	}
	return bomb
}

// manyEmpty sets nothing, and is long all the same.
func manyEmpty(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "e%d: {}, ", i)
	}
	return b.String()
}

// aliasSteps multiplies n0 by three at every step.
func aliasSteps(steps int) string {
	var b strings.Builder
	for i := 1; i <= steps; i++ {
		fmt.Fprintf(&b, "n%d: &n%d {x: *n%d, y: *n%d, z: *n%d}\n", i, i, i-1, i-1, i-1)
	}
	return b.String()
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: 1, ", i)
	}
	return b.String()
}

func manyAliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "b%d: *a\n", i)
	}
	return b.String()
}

func TestSyntaxErrorsDoNotQuoteTheFile(t *testing.T) {
	got := LoadStandard("a: *hunter2\n", "f")
	if got.Err == nil || strings.Contains(got.Err.Reason, "hunter2") {
		t.Errorf("got %+v, want an error without the file's text", got.Err)
	}
}
