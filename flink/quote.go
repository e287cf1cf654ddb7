package flink

import "strconv"

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
