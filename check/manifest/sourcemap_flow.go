package manifest

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a scalar between quotes, from behind the opening one.
func (t *tracer) quoted(quote byte) {
	for t.offset < len(t.text) {
		end := t.offset
		for end < len(t.text) && !t.endsPiece(end, quote) {
			end++
		}
		t.copyTo(end)
		switch {
		case end == len(t.text):
		case t.text[end] == quote && quote == '\'' && strings.HasPrefix(t.text[end:], "''"):
			t.replace("'", len("''"))
		case t.text[end] == quote:
			return
		case t.text[end] == '\\':
			t.escape()
		default:
			t.blanks()
		}
	}
}

// endsPiece finds what cannot be copied as it is.
func (t *tracer) endsPiece(offset int, quote byte) bool {
	b := t.text[offset]
	return b == quote || b == '\\' && quote == '"' || b == ' ' || b == '\t' || yamlBreak(t.text, offset) > 0
}

// replace adds a value for a part of the text.
func (t *tracer) replace(value string, length int) {
	t.spans = append(t.spans, span{value: t.value.Len(), source: t.offset, rewritten: true})
	t.value.WriteString(value)
	t.offset += length
}

// blanks reads blanks: they count for themselves, or for nothing around a line break.
func (t *tracer) blanks() {
	start := t.offset
	t.skipBlanks()
	end := t.offset
	if first, ok := t.takeBreak(); ok {
		t.takeFold(first)
		return
	}
	t.offset = start
	t.copyTo(end)
}

// escapeNames and escapeValues are what a backslash and one character stand for.
const (
	escapeNames  = "0abt\tnvfre \"'/\\N_LP"
	escapeValues = "\x00\a\b\t\t\n\v\f\r\x1b \"'/\\\u0085\u00a0\u2028\u2029"
)

// escape reads a backslash in double quotes and what follows it.
func (t *tracer) escape() {
	start := t.offset
	rest := t.text[start+1:]
	if rest == "" {
		t.offset++
		return
	}
	if digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[0]]; digits > 0 && len(rest) > digits {
		t.character(rest[1:], digits)
		return
	}
	if index := strings.IndexByte(escapeNames, rest[0]); index >= 0 {
		t.replace(string([]rune(escapeValues)[index]), 2)
		return
	}
	t.offset++
	if _, ok := t.takeBreak(); !ok {
		return
	}
	for {
		t.skipBlanks()
		next, ok := t.takeBreak()
		if !ok {
			return
		}
		t.writeBreak(next)
	}
}

// character reads the code of a character, or the two that JSON writes for one beyond the first 65,536.
func (t *tracer) character(rest string, digits int) {
	code, err := strconv.ParseUint(rest[:digits], 16, 32)
	length := len(`\u`) + digits
	r := utf8.RuneError
	if err == nil && code <= utf8.MaxRune {
		r = rune(code)
	}
	if second, ok := strings.CutPrefix(rest[digits:], `\u`); utf16.IsSurrogate(r) && digits == 4 && ok && len(second) >= 4 {
		if low, err := strconv.ParseUint(second[:4], 16, 16); err == nil {
			if pair := utf16.DecodeRune(r, rune(low)); pair != utf8.RuneError {
				r, length = pair, 2*length
			}
		}
	}
	t.replace(string(r), length)
}

// plain reads a scalar without quotes, whose value says where it ends.
func (t *tracer) plain(value string) {
	for t.value.Len() < len(value) && t.offset < len(t.text) {
		end, left := t.offset, len(value)-t.value.Len()
		for end < len(t.text) && end-t.offset < left && !isBlankByte(t.text[end]) && yamlBreak(t.text, end) == 0 {
			end++
		}
		if end == t.offset {
			t.blanks()
			continue
		}
		t.copyTo(end)
	}
}
