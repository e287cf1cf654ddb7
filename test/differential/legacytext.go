package differential

import (
	"math/rand/v2"
	"strings"
)

// generateLegacy writes a file such as flink-conf.yaml.
func generateLegacy(random *rand.Rand) string {
	var text strings.Builder
	for range random.IntN(8) {
		text.WriteString(legacyLine(random))
		text.WriteString(pick(random, []string{"\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", "\u0085", "\u2028", "\x0b", "\x0c", "", "\r\r\n", "\n\r"}))
	}
	return text.String()
}

func legacyLine(random *rand.Rand) string {
	key, value := legacyKey(random), legacyValue(random)
	switch random.IntN(12) {
	case 0:
		return pick(random, []string{"", "#", "# comment", " ", "\t", "---", "...", "- a", "%YAML 1.2", ": ", ":", " : a", "a", "a:", "a: ", "a:  ", "a :b", "a:b", "\u00a0", "\ufeff", "a=b", "a: #b", "#a: b", "a:\tb", "a:\u00a0b", "{a: b}"})
	case 1:
		return strings.Repeat(pick(random, []string{" ", "\t", "\u00a0", "\x01", "\x1f", "\x7f", "\u2003", "\ufeff", "\u0085"}), random.IntN(3)) + key + ": " + value
	case 2:
		return key + pick(random, []string{":", ":\t", ":  ", " : ", "\t: ", "=", ": : ", ":: ", ":\u00a0", " ", ": \t", ":\x1f ", ": \x1f"}) + value
	case 3:
		return key + ": " + value + pick(random, []string{" ", "\t", "  ", "\x00", "\u00a0", "\u3000", "\x1c", "\ufeff", " # c", "#c", "\t#", " \\", ": x"})
	}
	return key + ": " + value
}

func legacyKey(random *rand.Rand) string {
	switch random.IntN(10) {
	case 0:
		return pick(random, segments())
	case 1:
		return pick(random, oddTexts())
	case 2:
		return pick(random, quotedTexts())
	}
	return pick(random, optionKeys())
}

func legacyValue(random *rand.Rand) string {
	switch random.IntN(10) {
	case 0, 1:
		return pick(random, oddTexts())
	case 2, 3:
		return pick(random, quotedTexts())
	case 4:
		return pick(random, scalarForms())
	case 5:
		return pick(random, []string{"", " ", "|", ">", "[a, b]", "{a: b}", "&x a", "*x", "!!str a", "~"})
	}
	return pick(random, optionValues())
}
