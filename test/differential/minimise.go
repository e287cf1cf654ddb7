package differential

import (
	"strings"
	"unicode/utf8"
)

// maxAttempts bounds how many smaller texts are tried for one case.
const maxAttempts = 3000

// Minimise drops lines, then characters, then makes characters plain, as long as the text still shows what it is kept for.
// The text that comes out does, and is no longer than the one that went in.
func Minimise(text string, shows func(string) bool) string {
	m := &minimiser{shows: shows, attempts: maxAttempts}
	for {
		before := text
		text = m.dropParts(text, "\n")
		text = m.dropParts(text, "")
		text = m.plainCharacters(text)
		if text == before || m.attempts <= 0 {
			return text
		}
	}
}

type minimiser struct {
	shows    func(string) bool
	attempts int
}

func (m *minimiser) try(text string) bool {
	m.attempts--
	return m.attempts >= 0 && m.shows(text)
}

// dropParts drops runs of parts, long runs first. An empty separator means characters.
func (m *minimiser) dropParts(text, separator string) string {
	parts := strings.SplitAfter(text, separator)
	for size := len(parts) / 2; size >= 1; size /= 2 {
		for start := 0; start < len(parts) && m.attempts > 0; {
			end := min(start+size, len(parts))
			shorter := strings.Join(parts[:start], "") + strings.Join(parts[end:], "")
			if len(shorter) < len(text) && m.try(shorter) {
				parts = append(parts[:start:start], parts[end:]...)
				text = shorter
				continue
			}
			start += size
		}
	}
	return text
}

// plainCharacters makes every character an a, or else every digit a 1, where that changes nothing. White space stays.
func (m *minimiser) plainCharacters(text string) string {
	for i := 0; i < len(text) && m.attempts > 0; {
		character, size := utf8.DecodeRuneInString(text[i:])
		for _, plain := range plainer(character) {
			if simpler := text[:i] + plain + text[i+size:]; m.try(simpler) {
				text, size = simpler, len(plain)
				break
			}
		}
		i += size
	}
	return text
}

func plainer(character rune) []string {
	switch {
	case character == 'a' || character == ' ' || character == '\n':
		return nil
	case character == '1':
		return []string{"a"}
	case character >= '0' && character <= '9':
		return []string{"a", "1"}
	}
	return []string{"a"}
}
