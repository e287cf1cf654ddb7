package yaml12

import "strings"

// scanPlain reads a scalar without quotes, over several lines if it goes on. Its lines are joined by a space, or by the empty
// lines between them.
func (s *scanner) scanPlain() token {
	scanned := token{kind: tokenScalar, style: Plain, start: s.mark}
	minIndent := s.indent + 1
	var joined strings.Builder
	blanks := ""
	for s.peek() != '#' {
		end := s.plainEnd()
		if end == s.mark.Offset {
			break
		}
		s.allowSimpleKey = false
		piece := s.take(end)
		if scanned.value == "" {
			scanned.value = piece
		} else {
			if joined.Len() == 0 {
				joined.WriteString(scanned.value)
			}
			joined.WriteString(blanks)
			joined.WriteString(piece)
		}
		scanned.end = end
		blanks = s.scanPlainBlanks()
		if blanks == "" || s.flowLevel == 0 && s.mark.Column < minIndent {
			break
		}
	}
	if joined.Len() > 0 {
		scanned.value = joined.String()
	}
	return scanned
}

// plainEnd is the offset where a piece of a plain scalar ends: at a blank, at a colon before a blank and, within brackets, at
// what has a meaning there.
func (s *scanner) plainEnd() int {
	offset := s.mark.Offset
	for offset < len(s.text) {
		b := rune(s.text[offset])
		if isBlank(b) || s.flowLevel > 0 && isFlowIndicator(b) {
			break
		}
		if b == ':' {
			next, _ := decode(s.text, offset+1)
			if isBlank(next) || s.flowLevel > 0 && isFlowIndicator(next) {
				break
			}
		}
		offset++
	}
	return offset
}

// scanPlainBlanks steps over what lies between two pieces of a plain scalar and returns what it stands for: blanks for
// themselves, one line break for a space, several for all but the first. It returns "" where the scalar ends.
func (s *scanner) scanPlainBlanks() string {
	end := s.mark.Offset
	for end < len(s.text) && (s.text[end] == ' ' || s.text[end] == '\t') {
		end++
	}
	blanks := s.take(end)
	first := s.scanLineBreak()
	if first == "" {
		return blanks
	}
	s.allowSimpleKey = true
	if s.atPlainEndMarker() {
		return ""
	}
	var more strings.Builder
	if first != "\n" {
		more.WriteString(first)
	}
	for {
		s.skipSpaces()
		next := s.scanLineBreak()
		if next == "" {
			break
		}
		more.WriteString(next)
		if s.atPlainEndMarker() {
			return ""
		}
	}
	if more.Len() == 0 {
		return " "
	}
	return more.String()
}

// atPlainEndMarker finds a document marker. "---" counts here whatever follows it.
func (s *scanner) atPlainEndMarker() bool {
	return strings.HasPrefix(s.text[s.mark.Offset:], "---") || s.atDocumentMarker("...")
}
