package differential

import (
	"math/rand/v2"
	"strings"
)

// generateSoup throws tokens together that mean something in YAML. Few such files load; those that do, and why the others do
// not, is what no grammar would think of.
func generateSoup(random *rand.Rand) string {
	var text strings.Builder
	text.WriteString(pick(random, []string{"", "", "a: ", "a: ", "a:\n- ", "a:\n  b: ", "a: [", "a: {", "a: [b, ", "? ", "a: |\n  ", "a: \"", "a: '", "- ", "a: &x b\nc: ", "---\na: ", "a: b\n", "a:\n  b\n", "a: >\n  b\n"}))
	for range 1 + random.IntN(10) {
		text.WriteString(pick(random, soupTokens()))
	}
	text.WriteString(pick(random, []string{"", "", "\n", "\n", "]\n", "}\n", "\"\n", "'\n", "\nb: c\n", " : b\n"}))
	return text.String()
}

func soupTokens() []string {
	return []string{
		"a", "a", "b", "1", "x", " ", " ", "  ", ":", ": ", ": ", " :", "- ", "-", "\n", "\n", "\n  ", "\n  ", "\n ", "\n    ", "\n- ", "\n  - ", "\n\n", "? ", "?", "\n? ", "\n: ", ",", ", ", "[", "]", "{", "}", "&x ", "*x", "*x ", "&x", "!!str ", "!a ", "! ", "|\n", ">\n", "|-\n  ", ">+\n  ",
		"\"", "'", "\"b\"", "'b'", "\"b\n  c\"", "''", "\"\"", "#", " #", " # c\n", "\n# c\n", "\t", "\n\t", " \t", "%", "@", "`", "\\", "\\n", "---", "\n---\n", "\n...\n", "\n--- ", "...", "~", "null", "<<", "=", ".", "true", "\r", "\r\n", "\u0085", "\u2028", "\u00a0", "\ufeff", "é", "😀",
	}
}
