package flink

import (
	"strings"
	"unicode/utf8"
)

// replaceMalformed decodes UTF-8 as java.io.InputStreamReader does, which reads flink-conf.yaml: each sequence that is none
// becomes one U+FFFD. Sequences are counted as in sun.nio.cs.UTF_8, which takes together what begins like a character.
func replaceMalformed(text string) string {
	var decoded strings.Builder
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 {
			size = malformedLength(text)
		}
		decoded.WriteRune(r)
		text = text[size:]
	}
	return decoded.String()
}

// malformedLength is how many bytes at the start of a text make up one sequence that is no character.
func malformedLength(text string) int {
	first := text[0]
	switch {
	case first >= 0xE0 && first <= 0xEF:
		if !continues(text, 1) || first == 0xE0 && text[1] < 0xA0 {
			return 1
		}
		if continues(text, 2) {
			// Half of a surrogate pair, which Java reads in full and then refuses.
			return 3
		}
		return 2
	case first >= 0xF0 && first <= 0xF4:
		if !continues(text, 1) || first == 0xF0 && text[1] < 0x90 || first == 0xF4 && text[1] >= 0x90 {
			return 1
		}
		if continues(text, 2) {
			return 3
		}
		return 2
	}
	return 1
}

// continues tells whether the byte at an index goes on with a character.
func continues(text string, index int) bool {
	return index < len(text) && text[index]&0xC0 == 0x80
}
