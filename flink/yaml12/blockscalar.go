package yaml12

import (
	"strings"
	"unicode"
)

// chomping is what happens to the line breaks at the end of a block scalar.
type chomping rune

const (
	clip  chomping = 0
	strip chomping = '-'
	keep  chomping = '+'
)

// scanBlockScalar reads a literal (|) or folded (>) scalar.
func (s *scanner) scanBlockScalar() token {
	scanned := token{kind: tokenScalar, style: Literal, start: s.mark}
	if s.peek() == '>' {
		scanned.style = Folded
	}
	s.forward()
	chomp, increment := s.scanBlockHeader(scanned.start)
	scanned.end = s.mark.Offset
	indent := max(s.indent+1, 1)
	var breaks string
	if increment > 0 {
		indent += increment - 1
		breaks = s.scanBlockBreaks(indent)
	} else {
		var deepest int
		breaks, deepest = s.scanBlockIndentation()
		indent = max(indent, deepest)
	}
	if s.mark.Column < indent && s.indent != s.mark.Column {
		refuse(s.mark, "the empty lines before this one are indented deeper than it is")
	}
	var value strings.Builder
	lineBreak := ""
	for s.mark.Column == indent && s.peek() != 0 {
		value.WriteString(breaks)
		indented := s.peek() == ' ' || s.peek() == '\t'
		value.WriteString(s.take(s.lineEnd()))
		lineBreak = s.scanLineBreak()
		scanned.end = s.mark.Offset
		breaks = s.scanBlockBreaks(indent)
		if s.mark.Column != indent || s.peek() == 0 {
			break
		}
		folds := scanned.style == Folded && lineBreak == "\n" && !indented && s.peek() != ' ' && s.peek() != '\t'
		switch {
		case !folds:
			value.WriteString(lineBreak)
		case breaks == "":
			value.WriteByte(' ')
		}
	}
	if chomp != strip {
		value.WriteString(lineBreak)
	}
	if chomp == keep {
		value.WriteString(breaks)
	}
	scanned.value = value.String()
	return scanned
}

// scanBlockHeader reads what may follow | and > on their line: an indentation (0 if there is none) and a chomping indicator in
// either order, and a comment.
func (s *scanner) scanBlockHeader(start Mark) (chomp chomping, increment int) {
	if chomp = s.scanChomping(); chomp != clip {
		increment = s.scanIncrement()
	} else if increment = s.scanIncrement(); increment > 0 {
		chomp = s.scanChomping()
	}
	if !isSpaceOrEnd(s.peek()) {
		refuse(s.mark, "only an indentation from 1 to 9, '-' or '+' may follow | and >")
	}
	s.skipSpaces()
	if s.peek() == '#' {
		s.take(s.lineEnd())
	}
	if r := s.peek(); s.scanLineBreak() == "" && r != 0 {
		refuse(start, "only a comment may follow | and > on their line")
	}
	return chomp, increment
}

func (s *scanner) scanChomping() chomping {
	r := s.peek()
	if r != '-' && r != '+' {
		return clip
	}
	s.forward()
	return chomping(r)
}

func (s *scanner) scanIncrement() int {
	r := s.peek()
	switch {
	case r > unicode.MaxASCII && unicode.IsDigit(r):
		undecided(s.mark, "a digit of another script is written as an indentation")
	case r == '0':
		refuse(s.mark, "only an indentation from 1 to 9 may follow | and >")
	case r < '0' || r > '9':
		return 0
	}
	s.forward()
	return int(r - '0')
}

// scanBlockIndentation steps over the empty lines before a block scalar and returns their line breaks and the deepest column
// that their spaces reach.
func (s *scanner) scanBlockIndentation() (breaks string, deepest int) {
	var found strings.Builder
	for {
		switch s.peek() {
		case ' ':
			s.skipSpaces()
			deepest = max(deepest, s.mark.Column)
		case '\n', '\r':
			found.WriteString(s.scanLineBreak())
		default:
			return found.String(), deepest
		}
	}
}

// scanBlockBreaks steps over empty lines, and over the indentation of the line after them.
func (s *scanner) scanBlockBreaks(indent int) string {
	s.skipIndentation(indent)
	var breaks strings.Builder
	for {
		next := s.scanLineBreak()
		if next == "" {
			return breaks.String()
		}
		breaks.WriteString(next)
		s.skipIndentation(indent)
	}
}

func (s *scanner) skipIndentation(indent int) {
	for s.mark.Column < indent && s.peek() == ' ' {
		s.forward()
	}
}
