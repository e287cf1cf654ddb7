package yaml12

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quotedScan collects the value of a scalar in quotes.
type quotedScan struct {
	*scanner
	start Mark
	quote rune
	value strings.Builder
	// surrogate is half a character, as JSON writes it: \uD83D\uDE00. Java joins the halves, and keeps one that stands alone.
	surrogate rune
}

// scanQuoted reads a scalar in quotes of either kind.
func (s *scanner) scanQuoted() token {
	q := quotedScan{scanner: s, start: s.mark, quote: s.peek()}
	scanned := token{kind: tokenScalar, style: SingleQuoted, start: s.mark}
	if q.quote == '"' {
		scanned.style = DoubleQuoted
	}
	if end := q.simpleEnd(); end > 0 {
		s.forward()
		scanned.value = s.take(end)
	} else {
		s.forward()
		q.scanCharacters()
		for s.peek() != q.quote {
			q.scanBlanks()
			q.scanCharacters()
		}
		scanned.value = q.finish()
	}
	s.forward()
	scanned.end = s.mark.Offset
	return scanned
}

// simpleEnd is the offset of the closing quote of an ASCII scalar on one line without escapes, 0 for any other.
func (q *quotedScan) simpleEnd() int {
	for end := q.mark.Offset + 1; end < len(q.text); end++ {
		switch b := rune(q.text[end]); {
		case b == q.quote:
			if b == '\'' && strings.HasPrefix(q.text[end+1:], "'") {
				return 0
			}
			return end
		case b >= utf8.RuneSelf, b == '\\', b == '\r', b == '\n':
			return 0
		}
	}
	return 0
}

func (q *quotedScan) finish() string {
	q.endSurrogate()
	return q.value.String()
}

func (q *quotedScan) write(text string) {
	if text != "" {
		q.endSurrogate()
		q.value.WriteString(text)
	}
}

func (q *quotedScan) endSurrogate() {
	if q.surrogate != 0 {
		undecided(q.start, "it holds half a character, which cannot be represented here")
	}
}

// scanCharacters reads up to the next blank or closing quote.
func (q *quotedScan) scanCharacters() {
	for {
		end := q.mark.Offset
		for end < len(q.text) {
			if b := rune(q.text[end]); isBlank(b) || b == '\'' || b == '"' || b == '\\' {
				break
			}
			end++
		}
		q.write(q.take(end))
		switch r := q.peek(); {
		case r == '\'' && q.quote == '\'' && q.peekSecond() == '\'':
			q.write("'")
			q.forward()
			q.forward()
		case r == '\'' && q.quote == '"', (r == '"' || r == '\\') && q.quote == '\'':
			q.write(string(r))
			q.forward()
		case r == '\\':
			q.forward()
			q.scanEscape()
		default:
			return
		}
	}
}

// scanBlanks reads blanks within quotes; around a line break they count for nothing.
func (q *quotedScan) scanBlanks() {
	blanks := q.takeBlanks()
	if q.peek() == 0 {
		refuse(q.start, "this quote is not closed")
	}
	first := q.scanLineBreak()
	if first == "" {
		q.write(blanks)
		return
	}
	more := q.scanBreaks()
	switch {
	case first != "\n":
		q.write(first)
	case more == "":
		q.write(" ")
	}
	q.write(more)
}

func (q *quotedScan) takeBlanks() string {
	end := q.mark.Offset
	for end < len(q.text) && (q.text[end] == ' ' || q.text[end] == '\t') {
		end++
	}
	return q.take(end)
}

// scanBreaks reads the line breaks after a first one, and the blanks around them.
func (q *quotedScan) scanBreaks() string {
	var breaks strings.Builder
	for {
		if q.atDocumentMarker("---") || q.atDocumentMarker("...") {
			refuse(q.start, "this quote is not closed before the end of the document")
		}
		q.takeBlanks()
		next := q.scanLineBreak()
		if next == "" {
			return breaks.String()
		}
		breaks.WriteString(next)
	}
}

// scanEscape reads what follows a backslash in double quotes.
func (q *quotedScan) scanEscape() {
	r := q.peek()
	if replacement, ok := escaped(r); ok {
		q.write(replacement)
		q.forward()
		return
	}
	if digits := escapeDigits(r); digits > 0 {
		q.forward()
		q.scanCharacterCode(digits)
		return
	}
	if q.scanLineBreak() == "" {
		refuse(q.mark, "there is no such escape in double quotes; write a backslash as \\\\, or use single quotes")
	}
	q.write(q.scanBreaks())
}

// escapeNames are the characters that may follow a backslash, escapeValues what each of them stands for
// (CharConstants.ESCAPE_REPLACEMENTS).
const (
	escapeNames  = `0abtnvfre "/\N_LP`
	escapeValues = "\x00\a\b\t\n\v\f\r\x1b \"/\\\u0085\u00a0\u2028\u2029"
)

func escaped(r rune) (string, bool) {
	position := strings.IndexRune(escapeNames, r)
	if r == 0 || position < 0 {
		return "", false
	}
	return string([]rune(escapeValues)[position]), true
}

// escapeDigits is how many hexadecimal digits follow \x, \u and \U.
func escapeDigits(r rune) int {
	switch r {
	case 'x':
		return 2
	case 'u':
		return 4
	case 'U':
		return 8
	}
	return 0
}

func (q *quotedScan) scanCharacterCode(digits int) {
	rest := q.text[q.mark.Offset:]
	if len(rest) < digits {
		refuse(q.start, "this quote is not closed")
	}
	code, err := strconv.ParseUint(rest[:digits], 16, 32)
	if err != nil || code > utf8.MaxRune {
		refuse(q.mark, "the escape is not the code of a character")
	}
	q.take(q.mark.Offset + digits)
	r := rune(code)
	switch {
	case q.surrogate != 0 && utf16.IsSurrogate(r) && utf16.DecodeRune(q.surrogate, r) != utf8.RuneError:
		r, q.surrogate = utf16.DecodeRune(q.surrogate, r), 0
	case utf16.IsSurrogate(r):
		q.endSurrogate()
		q.surrogate = r
		return
	}
	q.write(string(r))
}
