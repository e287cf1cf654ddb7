package differential

import (
	"math/rand/v2"
	"regexp"
	"strings"
)

// maxMutated bounds what mutations make of a text.
const maxMutated = 8 << 10

// mutate changes a text in a few places.
func mutate(random *rand.Rand, text string, other func() string) string {
	for range 1 + random.IntN(3) {
		switch random.IntN(4) {
		case 0:
			text = mutateBytes(random, text)
		case 1:
			text = mutateLines(random, text)
		case 2:
			text = mutateTokens(random, text)
		default:
			text = mutateBlanks(random, text)
		}
	}
	if random.IntN(10) == 0 {
		text = splice(random, text, other())
	}
	return text[:min(len(text), maxMutated)]
}

// splice joins the beginning of one text to the end of another.
func splice(random *rand.Rand, a, b string) string {
	return a[:random.IntN(len(a)+1)] + b[random.IntN(len(b)+1):]
}

func mutateBytes(random *rand.Rand, text string) string {
	at := random.IntN(len(text) + 1)
	end := min(at+1+random.IntN(3), len(text))
	switch random.IntN(4) {
	case 0:
		return text[:at] + text[end:]
	case 1:
		return text[:at] + text[at:end] + text[at:]
	case 2:
		return text[:at] + pick(random, indicators()) + text[end:]
	}
	return text[:at] + pick(random, indicators()) + text[at:]
}

// indicators are characters that mean something in YAML, and those that readers stumble over.
func indicators() []string {
	return []string{
		":", " ", ": ", "#", " #", "-", "- ", "?", "? ", ",", "[", "]", "{", "}", "&", "&a ", "*", "*a", "!", "!!str ", "|", ">", "'", "\"", "%", "@", "`", "\\", "\n", "\n ", "\n  ", "\r", "\r\n", "\t", "---\n", "\n---\n", "\n...\n", "...", "<<", "~",
		"\u0085", "\u2028", "\u2029", "\u00a0", "\ufeff", "\x00", "\x7f", "\x1b", "\u0080", "\xff", "\xe2\x80", "😀", "\ufffe", "1", "0", ".", "e", "+", "_", "a",
	}
}

func mutateLines(random *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	i, j := random.IntN(len(lines)), random.IntN(len(lines))
	switch random.IntN(4) {
	case 0:
		lines = append(lines[:i:i], lines[i+1:]...)
	case 1:
		lines = append(lines[:i:i], append([]string{lines[j]}, lines[i:]...)...)
	case 2:
		lines[i], lines[j] = lines[j], lines[i]
	default:
		lines[i] = strings.TrimSuffix(lines[i], "\n")
	}
	return strings.Join(lines, "")
}

var token = regexp.MustCompile(`[A-Za-z0-9_.\-]+|\s+|.`)

func mutateTokens(random *rand.Rand, text string) string {
	tokens := token.FindAllString(text, -1)
	if len(tokens) == 0 {
		return pick(random, scalarForms())
	}
	i, j := random.IntN(len(tokens)), random.IntN(len(tokens))
	switch random.IntN(4) {
	case 0:
		tokens[i] = ""
	case 1:
		tokens[i] += tokens[j]
	case 2:
		tokens[i], tokens[j] = tokens[j], tokens[i]
	default:
		tokens[i] = pick(random, pickPool(random))
	}
	return strings.Join(tokens, "")
}

func pickPool(random *rand.Rand) []string {
	switch random.IntN(6) {
	case 0:
		return scalarForms()
	case 1:
		return oddTexts()
	case 2:
		return quotedTexts()
	case 3:
		return tags()
	case 4:
		return blockHeaders()
	}
	return optionKeys()
}

// mutateBlanks changes an indentation or the blanks between two tokens.
func mutateBlanks(random *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	i := random.IntN(len(lines))
	switch random.IntN(5) {
	case 0:
		lines[i] = " " + lines[i]
	case 1:
		lines[i] = strings.TrimPrefix(lines[i], " ")
	case 2:
		lines[i] = "\t" + lines[i]
	case 3:
		for k := i; k < len(lines); k++ {
			lines[k] = " " + lines[k]
		}
	default:
		lines[i] = strings.Replace(lines[i], " ", pick(random, []string{"", "  ", "\t", "\n", "\u00a0"}), 1)
	}
	return strings.Join(lines, "")
}
