package yaml12

import "unicode/utf8"

// checkCharacters refuses what snakeyaml-engine's readers refuse: bytes that are no UTF-8, and characters that are not printable
// (StreamReader.isPrintable), wherever in the text they stand.
func checkCharacters(text string) {
	var at Mark
	for offset := 0; offset < len(text); {
		b := text[offset]
		if b >= ' ' && b <= '~' {
			offset++
			continue
		}
		r, size := decode(text, offset)
		if r == utf8.RuneError && size == 1 || !isPrintable(r) {
			at = markAt(text, offset)
			if r == utf8.RuneError && size == 1 {
				refuse(at, "it is not encoded in UTF-8")
			}
			refuse(at, "it holds a character that is not printable")
		}
		offset += size
	}
}

func isPrintable(r rune) bool {
	switch {
	case r >= 0x20 && r <= 0x7E, r == '\t', r == '\n', r == '\r', r == 0x85:
		return true
	}
	return r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// markAt finds the line and column of an offset.
func markAt(text string, offset int) Mark {
	c := cursor{text: text}
	for c.mark.Offset < offset {
		c.forward()
	}
	return c.mark
}
