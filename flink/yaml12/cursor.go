package yaml12

import (
	"strings"
	"unicode/utf8"
)

// byteOrderMark takes no column.
const byteOrderMark = '\uFEFF'

// cursor walks over a text as org.snakeyaml.engine.v2.scanner.StreamReader does. At the end of the text it sees the character
// 0, which cannot stand in a text.
type cursor struct {
	text string
	mark Mark
	// index counts characters from the start.
	index int
}

// peek is the character at the cursor.
func (c *cursor) peek() rune {
	r, _ := decode(c.text, c.mark.Offset)
	return r
}

// peekSecond is the character after the one at the cursor.
func (c *cursor) peekSecond() rune {
	_, size := decode(c.text, c.mark.Offset)
	r, _ := decode(c.text, c.mark.Offset+size)
	return r
}

// decode is the character at an offset and its size, 0 and 0 at the end.
func decode(text string, offset int) (r rune, size int) {
	if offset >= len(text) {
		return 0, 0
	}
	if b := text[offset]; b < utf8.RuneSelf {
		return rune(b), 1
	}
	return utf8.DecodeRuneInString(text[offset:])
}

// forward steps over one character, which may be a line break.
func (c *cursor) forward() {
	r, size := decode(c.text, c.mark.Offset)
	if size == 0 {
		return
	}
	c.mark.Offset += size
	c.index++
	switch {
	case r == '\n', r == '\r' && c.mark.Offset < len(c.text) && c.text[c.mark.Offset] != '\n':
		c.mark.Line++
		c.mark.Column = 0
	case r != byteOrderMark:
		c.mark.Column++
	}
}

// take returns the text up to an offset, which holds no line break, and steps over it.
func (c *cursor) take(end int) string {
	taken := c.text[c.mark.Offset:end]
	characters := utf8.RuneCountInString(taken)
	c.mark.Offset = end
	c.mark.Column += characters
	c.index += characters
	return taken
}

// skipSpaces steps over spaces, and not over tabs.
func (c *cursor) skipSpaces() {
	end := c.mark.Offset
	for end < len(c.text) && c.text[end] == ' ' {
		end++
	}
	c.mark.Column += end - c.mark.Offset
	c.index += end - c.mark.Offset
	c.mark.Offset = end
}

// lineEnd is the offset of the next LF or CR, or of the end of the text.
func (c *cursor) lineEnd() int {
	if length := strings.IndexAny(c.text[c.mark.Offset:], "\r\n"); length >= 0 {
		return c.mark.Offset + length
	}
	return len(c.text)
}

// scanLineBreak steps over a line break and returns what it counts as, "" if there is none. Beside LF and CR, NEL is one, and
// so are the line and paragraph separators, wherever a break is looked for; elsewhere they are characters like others.
func (c *cursor) scanLineBreak() string {
	switch r := c.peek(); r {
	case '\r':
		if c.peekSecond() == '\n' {
			c.forward()
		}
		c.forward()
		return "\n"
	case '\n', '\u0085':
		c.forward()
		return "\n"
	case '\u2028', '\u2029':
		c.forward()
		return string(r)
	}
	return ""
}

// atDocumentMarker tells whether "---" or "..." stands at the cursor, with a blank or the end behind it.
func (c *cursor) atDocumentMarker(marker string) bool {
	rest := c.text[c.mark.Offset:]
	return strings.HasPrefix(rest, marker) && (len(rest) == 3 || isBlank(rune(rest[3])))
}

// isBlank knows the end of the text, line breaks, space and tab.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || isBreakOrEnd(r) }

// isSpaceOrEnd is isBlank without the tab.
func isSpaceOrEnd(r rune) bool { return r == ' ' || isBreakOrEnd(r) }

func isBreakOrEnd(r rune) bool { return r == '\n' || r == '\r' || r == 0 }

// isFlowIndicator knows what ends a plain scalar within brackets.
func isFlowIndicator(r rune) bool {
	return r == ',' || r == '[' || r == ']' || r == '{' || r == '}'
}

// isNameCharacter knows the characters of directive names and tag handles.
func isNameCharacter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}
