package flink

import (
	"strconv"
	"unicode/utf8"
)

// maxShownKey bounds what a message repeats of a key.
const maxShownKey = 100

func quoteKey(key string) string { return Quote(key, maxShownKey) }

// Quote puts a text of the user's between quotes for a message, and cuts it after so many characters.
func Quote(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}

// Clip cuts a text to at most so many bytes, between characters, with an ellipsis where something is left out.
func Clip(text string, most int) string {
	const ellipsis = "…"
	if len(text) <= most {
		return text
	}
	end := most - len(ellipsis)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}
