package differential

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// ShortCase is one of all short files: every text of the characters that mean something in YAML, the shortest ones first, each
// in every surrounding. What random cases pass by, these do not.
func ShortCase(number int) Case {
	surroundings, characters := shortSurroundings(), shortCharacters()
	name := fmt.Sprintf("short case %d", number)
	around := surroundings[number%len(surroundings)]
	var text []string
	for rest := number / len(surroundings); rest > 0; rest = (rest - 1) / len(characters) {
		text = append(text, characters[(rest-1)%len(characters)])
	}
	slices.Reverse(text)
	return Case{Name: name, Files: Files{flink.StandardFile: strings.Replace(around, "_", strings.Join(text, ""), 1)}, Generated: true}
}

func shortSurroundings() []string {
	return []string{
		"_", "a: _\n", "a:\n- _\n", "a: [_]\n", "a: {_}\n", "a: \"_\"\n", "a: '_'\n", "a: |_\n  b\n", "_: a\n", "a:\n  _\n", "a: b\n_\nc: d\n", "a: [b, _c]\n", "a: >\n  b\n_\n  c\n", "? _\n: b\n", "a: b _\n", "a: &x b\nc: [_*x]\n",
	}
}

func shortCharacters() []string {
	return []string{
		"a", " ", "\n", ":", "-", "#", ",", "?", "[", "]", "{", "}", "\"", "'", "1", "\t", "&", "*", "!", "|", ">", "%", "\\", ".", "~", "0", "e", "+", "\r", "\u2028", "\u0085", "\u00a0", "\ufeff", "=", "<", "@", "é",
	}
}

// ShortTrial compares what is read from all short files.
func ShortTrial(tools Toolchain, releases []Release, cases int) Trial {
	return Trial{Tools: tools, Releases: Standard.Readers(releases), Read: OurFiles, Ask: askFiles, Cases: cases, Case: ShortCase}
}
