package manifest

import "strings"

// block reads a scalar that | or > begins.
func (t *tracer) block(value string, folded bool) {
	chomp := byte(0)
	header := t.text[t.offset : t.offset+lengthOfLine(t.text[t.offset:])]
	for _, b := range []byte(header[1:]) {
		if b != '-' && b != '+' && (b < '0' || b > '9') {
			break
		}
		if b == '-' || b == '+' {
			chomp = b
		}
	}
	t.offset += len(header)
	t.takeBreak()
	indent, ok := blockIndent(t.text[t.offset:], value)
	if !ok {
		t.value.WriteString(value) // nothing but blanks: nothing in it has a place that matters
		return
	}
	t.blockLines(indent, chomp, folded)
}

// blockLines reads the lines of a block scalar as libyaml does. A line that is indented less ends it.
func (t *tracer) blockLines(indent int, chomp byte, folded bool) {
	var last []aBreak
	wasIndented := false
	more, at := t.takeEmptyLines(indent)
	for at == indent && t.offset < len(t.text) {
		isIndented := t.text[t.offset] == ' ' || t.text[t.offset] == '\t'
		switch {
		case folded && len(last) > 0 && last[0].value == "\n" && !wasIndented && !isIndented:
			if len(more) == 0 {
				t.writeBreak(aBreak{last[0].offset, " "})
			}
		default:
			t.writeBreaks(last)
		}
		t.writeBreaks(more)
		wasIndented = isIndented
		end := t.offset
		for end < len(t.text) && yamlBreak(t.text, end) == 0 {
			end++
		}
		t.copyTo(end)
		last = nil
		if next, ok := t.takeBreak(); ok {
			last = []aBreak{next}
		}
		more, at = t.takeEmptyLines(indent)
	}
	if chomp != '-' {
		t.writeBreaks(last)
	}
	if chomp == '+' {
		t.writeBreaks(more)
	}
}

func (t *tracer) writeBreaks(breaks []aBreak) {
	for _, b := range breaks {
		t.writeBreak(b)
	}
}

// takeEmptyLines steps over empty lines and over the indentation of the line after them, and returns how deep that is.
func (t *tracer) takeEmptyLines(indent int) (breaks []aBreak, column int) {
	for {
		column = 0
		for column < indent && strings.HasPrefix(t.text[t.offset:], " ") {
			t.offset++
			column++
		}
		next, ok := t.takeBreak()
		if !ok {
			return breaks, column
		}
		breaks = append(breaks, next)
	}
}

// blockIndent is how deep the lines of a block scalar are indented: what its first line with anything in it has more of spaces
// in the document than in the value. It returns false if there is no such line.
func blockIndent(text, value string) (int, bool) {
	inText, ok := leadingSpaces(text)
	inValue, some := leadingSpaces(value)
	return inText - inValue, ok && some && inText >= inValue
}

// leadingSpaces counts the spaces before the first character that is neither a space nor a line break, on its line.
func leadingSpaces(text string) (int, bool) {
	spaces := 0
	for offset := 0; offset < len(text); {
		if length := yamlBreak(text, offset); length > 0 {
			spaces, offset = 0, offset+length
			continue
		}
		if text[offset] != ' ' {
			return spaces, true
		}
		spaces++
		offset++
	}
	return 0, false
}
