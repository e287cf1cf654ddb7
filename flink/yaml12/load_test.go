package yaml12_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// read loads a text and writes what it means on one line: flow YAML for a value, "refused" and "undecided" for errors. The
// differential test compares the same with snakeyaml-engine itself; what it said about these texts is what is wanted here.
func read(text string) string {
	value, err := yaml12.Load(text)
	var refused *yaml12.RefusedError
	var undecided *yaml12.UndecidedError
	switch {
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, &undecided):
		return "undecided"
	case value == nil:
		return "nothing"
	}
	var dumper yaml12.Dumper
	line, ok := dumper.Dump(value)
	if !ok {
		return "unknown"
	}
	return line
}

func TestLoad(t *testing.T) {
	groups := map[string][]struct{ text, want string }{
		"an empty document": {
			{"", "nothing"}, {"# comment", "nothing"}, {"---", "nothing"}, {"~", "nothing"}, {"\ufeff", "nothing"}, {"!!null x", "nothing"},
		},
		"scalars of the core schema": {
			{"a: [007, 0o17, 0x1F, -0, +1, 1_000, 0b1, 1:30]", "{a: [7, 15, 31, 0, 1, 1_000, 0b1, '1:30']}"},
			{"a: [1e3, .5, 5., -1.5E-2, 1e400, -.inf, .NaN, 1e, .]", "{a: [1000.0, 0.5, 5.0, -0.015, .inf, -.inf, .nan, 1e, .]}"},
			{"a: [1e7, 12345678.5, 0.0001, 123456789012345678901234567890]", "{a: [1.0E7, 1.23456785E7, 1.0E-4, 123456789012345678901234567890]}"},
			{"a: [True, yes, FALSE, on, Null, nULL, ~]", "{a: [true, yes, false, on, null, nULL, null]}"},
			{"a: [2020-01-01, 1_0.0, 'a', \"b\"]", "{a: [2020-01-01, 1_0.0, a, b]}"},
			{"a: +.inf", "refused"},
		},
		"tags": {
			{"a: [!!str 12, !!int '0x1F', !!float 1, !!bool TRUE, !!bool x, ! 12]", "{a: ['12', 31, 1.0, true, null, '12']}"},
			{"a: !!int x", "refused"},
			{"a: !foo x", "refused"},
			{"a: !!omap []", "refused"},
			{"a: !!seq {}", "refused"},
			{"a: !!map x", "refused"},
			{"a: !!set {b, c}", "{a: !!set {b: null, c: null}}"},
			{"a: !!binary aGk=", "undecided"},
			{"a: !<tag:yaml.org,2002:str> 1", "{a: '1'}"},
			{"%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1", "{a: '1'}"},
			{"a: !e!str 1", "refused"},
			{"a: !!s%74r 1", "{a: '1'}"},
			{"a: !!null [b]", "{a: null}"},
		},
		"strings that need quotes in a list": {
			{
				`a: ['1', 'true', '', ' x', 'x ', 'a: b', 'a#b', 'a #b', '-', '-x', '?x', '*x', '~', "it's"]`,
				`{a: ['1', 'true', '', ' x', 'x ', 'a: b', a#b, 'a #b', '-', -x, '?x', '*x', '~', it's]}`,
			},
			{`a: ["\t", "x\ny", "\e", "\0", "\u00e9", "\uD83D\uDE00", "\N", "a\\b", "q\"q\n"]`, `{a: ["\t", "x\ny", "\e", "\0", é, 😀, "\N", a\b, "q\"q\n"]}`},
			{`a: ['${X}', "{x}", "x,y", '---', '...', '!x', '%x', '@x']`, `{a: ['${X}', '{x}', 'x,y', '---', '...', '!x', '%x', '@x']}`},
			{`a: "\ud83d"`, "undecided"},
		},
		"anchors": {
			{"a: &x b\nc: *x", "{a: b, c: b}"},
			{"a: &x [1]\nc: [*x, *x]", "{a: &id001 [1], c: [*id001, *id001]}"},
			{"a: &x [*x]", "{a: &id001 [*id001]}"},
			{"a: *x", "refused"},
			{"a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}"},
			{"a: &x\nb: *x", "{a: null, b: null}"},
			{"a: &x.y 1", "refused"},
			{"&x a: *x", "{a: a}"},
			{"a: &x &y b", "refused"},
			{"a: &x {? *x : 1}", "undecided"},
		},
		"merge keys are keys like others": {
			{"a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", "{a: &id001 {b: 1}, c: {<<: *id001, d: 2}}"},
		},
		"keys": {
			{"a: 1\na: 2", "refused"},
			{"1: a\n0x1: b", "refused"},
			{"[a]: 1\n[a]: 2", "refused"},
			{"1: a\n'1': b", "{1: a, '1': b}"},
			{"? a\n: b", "{a: b}"},
			{"? a", "{a: null}"},
			{"? - a\n: b", "{? [a] : b}"},
			{": b", "refused"},
			{"? \n: b", "{null: b}"},
			{"? 'a'\n  \"b\"", "{a: b}"},
			{"'a' : b", "{a: b}"},
			{"a : b", "{a: b}"},
			{strings.Repeat("k", 1025) + ": 1", "refused"},
			{strings.Repeat("k", 100) + ": 1", "{" + strings.Repeat("k", 100) + ": 1}"},
		},
		"block collections": {
			{"a:\n- b\n- c", "{a: [b, c]}"},
			{"a:\n  - b\n  -\n  - - c\n    - d", "{a: [b, null, [c, d]]}"},
			{"- a\nb: c", "refused"},
			{"a:\n  b: c\n d: e", "refused"},
			{"a:\n    b: c\n    d: e", "{a: {b: c, d: e}}"},
			{"a: b\n  c: d", "refused"},
			{"a: - b", "refused"},
			{"a:\n-b", "refused"},
		},
		"flow collections": {
			{"a: [b, c, ]", "{a: [b, c]}"},
			{"a: [, b]", "refused"},
			{"a: {b, c: , d: e}", "{a: {b: null, c: null, d: e}}"},
			{"a: [b: c, ? d]", "{a: [{b: c}, {d: null}]}"},
			{"a: {b:c}", "{a: {'b:c': null}}"},
			{`a: {"b":c}`, "{a: {b: c}}"},
			{"a: [b\n c]", "{a: [b c]}"},
			{"a: [b", "refused"},
			{"a: b]", "{a: 'b]'}"},
			{"]", "refused"},
			{"a: {b: c}}", "refused"},
			{"a: [{}, [], '']", "{a: [{}, [], '']}"},
		},
		"plain scalars over several lines": {
			{"a: b\n c\n\n d", `{a: "b c\nd"}`}, {"a: b\n---c", "refused"}, {"a: b #c\n d: e", "refused"}, {"a: b#c", "{a: b#c}"}, {"a: b\t# c", "{a: b}"}, {"a: b: c", "refused"},
		},
		"quoted scalars": {
			{"a: 'b\n  c'", "{a: b c}"},
			{"a: \"b\\\n  c\"", "{a: bc}"},
			{"a: 'it''s'", "{a: it's}"},
			{`a: "\q"`, "refused"},
			{`a: "\x4"`, "refused"},
			{"a: 'b", "refused"},
			{"a: 'b'c", "refused"},
			{"a: 'b' #c", "{a: b}"},
			{"a: 'b'#c", "{a: b}"},
			{"a: \"b\n---\n\"", "refused"},
			{`a: "\U00110000"`, "refused"},
			{"a: \"b  \n\n  c\"", `{a: "b\nc"}`},
		},
		"block scalars": {
			{"a: |\n  b\n  c\n", `{a: "b\nc\n"}`},
			{"a: >-\n  b\n  c\n\n  d\n", `{a: "b c\nd"}`},
			{"a: |+\n  b\n\n", `{a: "b\n\n"}`},
			{"a: |2-\n    b\n", "{a: '  b'}"},
			{"a: |-2\n   b", "{a: ' b'}"},
			{"a: |0\n b", "refused"},
			{"a: | b", "refused"},
			{"a: |\n   \n  b", "refused"},
			{"a: |\nb: c", "{a: '', b: c}"},
			{"a: >\n  b\n   c\n  d\n", `{a: "b\n c\nd\n"}`},
			{"a: | # x\n b", "{a: b}"},
		},
		"documents and directives": {
			{"%YAML 1.2\n---\na: b", "{a: b}"},
			{"%YAML 2.0\n---\na: b", "refused"},
			{"%YAML 1.1 # c\n---\na: b\n...\n", "{a: b}"},
			{"%FOO bar\n---\na: b", "{a: b}"},
			{"%YAML 1.2\na: b", "refused"},
			{"a: b\n---\nc: d", "refused"},
			{"---\na: b\n---\n", "refused"},
			{"a: b\n...\n", "{a: b}"},
			{"a: b\n...\nc", "refused"},
			{"%YAML 1.2\n%YAML 1.2\n---\na: b", "refused"},
			{"--- a: b", "refused"},
			{"...", "refused"},
		},
		"blanks, line ends and characters": {
			{"a:\tb", "refused"},
			{"\ta: b", "refused"},
			{"a: b\r\nc: d\re: f", "{a: b, c: d, e: f}"},
			{"a: b\u0085c: d", "refused"},
			{"a: b\u0085c", `{a: "b\Nc"}`},
			{"a: \u2028b", "{a: b}"},
			{"a: b\u2028 c", `{a: "b\L c"}`},
			{"\ufeffa: b", "{a: b}"},
			{"\ufeff\ufeffa: b", "{a: b}"},
			{"a: \ufeffb", "{a: \ufeffb}"},
			{"a: b\x00", "refused"},
			{"a: b\x7f", "refused"},
			{"a: b\x80", "refused"},
			{"a: b\u00a0", "{a: b\u00a0}"},
			{"a: \f", "refused"},
			{"#a", "nothing"},
			{"a: #b\n  c", "{a: c}"},
			{"a: b\n \t\nc: d", "refused"},
		},
	}
	for group, cases := range groups {
		t.Run(group, func(t *testing.T) {
			for _, tc := range cases {
				if got := read(tc.text); got != tc.want {
					t.Errorf("%q: got %s, want %s", tc.text, got, tc.want)
				}
			}
		})
	}
}

func TestRefusalsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb:\tc\n":       "2:3: a tab cannot stand here; YAML is indented with spaces",
		"a: 1\n\u00e9: @x\n":  "2:4: a value cannot begin with this character; put it into quotes",
		"a: 'x\n":             "1:4: this quote is not closed",
		"a: 1\nb\nc: 2\n":     "2:1: there is no colon after this key",
		"a: b: c\n":           "1:5: a second colon on this line makes it unreadable; put the value into quotes",
		"a: 1\n---\nb: 2\n":   "2:1: there is more than one document",
		"a: {b: 1\nc: 2}\n":   "2:2: a map goes on with ',' or ends with '}'",
		"a: 1\n b: 2\n":       "2:3: a second colon on this line makes it unreadable; put the value into quotes",
		"a: 1\nb: *hunter2\n": "2:4: the alias has no anchor before it",
	} {
		if _, err := yaml12.Load(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
