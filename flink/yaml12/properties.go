package yaml12

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanAnchor reads an anchor (&name) or an alias (*name).
func (s *scanner) scanAnchor() token {
	scanned := token{kind: tokenAnchor, start: s.mark}
	if s.peek() == '*' {
		scanned.kind = tokenAlias
	}
	s.forward()
	end := s.mark.Offset
	for end < len(s.text) {
		b := rune(s.text[end])
		if isBlank(b) || isFlowIndicator(b) || b == '/' || b == '.' || b == '*' || b == '&' {
			break
		}
		end++
	}
	if end == s.mark.Offset {
		refuse(scanned.start, "an anchor or alias needs a name")
	}
	scanned.value = s.take(end)
	scanned.end = end
	if r := s.peek(); !isBlank(r) && !strings.ContainsRune("?:,]}%@`", r) {
		refuse(s.mark, "the name of an anchor or alias cannot hold this character")
	}
	return scanned
}

// scanTag reads a tag: verbatim (!<…>), non-specific (!), or a shorthand with or without a handle (!suffix, !handle!suffix).
func (s *scanner) scanTag() token {
	scanned := token{kind: tokenTag, start: s.mark}
	switch next := s.peekSecond(); {
	case next == '<':
		s.forward()
		s.forward()
		scanned.value = s.scanTagURI(isTagPrefixCharacter)
		if s.peek() != '>' {
			refuse(s.mark, "the tag is not closed by '>'")
		}
		s.forward()
	case isBlank(next):
		scanned.value = "!"
		s.forward()
	default:
		scanned.hasHandle = true
		scanned.handle = "!"
		if s.hasTagHandle() {
			scanned.handle = s.scanTagHandle()
		} else {
			s.forward()
		}
		scanned.value = s.scanTagURI(isTagCharacter)
	}
	scanned.end = s.mark.Offset
	if !isSpaceOrEnd(s.peek()) {
		refuse(s.mark, "a tag ends with a space")
	}
	return scanned
}

// hasTagHandle looks for a second '!' before the next space. A tab does not end the search.
func (s *scanner) hasTagHandle() bool {
	rest := s.text[s.mark.Offset+1:]
	stop := strings.IndexAny(rest, "! \r\n")
	return stop >= 0 && rest[stop] == '!'
}

// scanTagHandle reads !, !! or !name!.
func (s *scanner) scanTagHandle() string {
	if s.peek() != '!' {
		refuse(s.mark, "the handle of a tag begins with '!'")
	}
	end := s.mark.Offset + 1
	if end < len(s.text) && s.text[end] == ' ' {
		return s.take(end)
	}
	for end < len(s.text) && isNameCharacter(rune(s.text[end])) {
		end++
	}
	if end == len(s.text) || s.text[end] != '!' {
		refuse(s.mark, "the handle of a tag ends with '!'")
	}
	return s.take(end + 1)
}

// scanTagURI reads the characters of a tag; %XX stands for a byte of UTF-8.
func (s *scanner) scanTagURI(allowed func(rune) bool) string {
	var uri strings.Builder
	start := s.mark
	for {
		r := s.peek()
		if r == '%' {
			uri.WriteString(s.scanURIEscapes())
			continue
		}
		if !allowed(r) {
			break
		}
		uri.WriteRune(r)
		s.forward()
	}
	if uri.Len() == 0 {
		refuse(start, "the tag is empty")
	}
	return uri.String()
}

// scanURIEscapes reads a run of %XX, which must be UTF-8 together.
func (s *scanner) scanURIEscapes() string {
	var decoded []byte
	start := s.mark
	for s.peek() == '%' {
		s.forward()
		rest := s.text[s.mark.Offset:]
		if len(rest) < 2 {
			refuse(start, "a tag's %XX lacks a digit")
		}
		code, err := strconv.ParseUint(rest[:2], 16, 8)
		if err != nil {
			refuse(start, "a tag's %XX is no hexadecimal number")
		}
		decoded = append(decoded, byte(code))
		s.forward()
		s.forward()
	}
	if !utf8.Valid(decoded) {
		refuse(start, "a tag's %XX is not UTF-8")
	}
	return string(decoded)
}

func isTagCharacter(r rune) bool {
	return isNameCharacter(r) || r != 0 && strings.ContainsRune(";/?:@&=+$.!~*'()%", r)
}

func isTagPrefixCharacter(r rune) bool { return isTagCharacter(r) || r == ',' || r == '[' || r == ']' }

// scanDirective reads a line that begins with '%'.
func (s *scanner) scanDirective() token {
	scanned := token{kind: tokenDirective, start: s.mark}
	s.forward()
	end := s.mark.Offset
	for end < len(s.text) && isNameCharacter(rune(s.text[end])) {
		end++
	}
	scanned.value = s.take(end)
	if scanned.value == "" || !isSpaceOrEnd(s.peek()) {
		refuse(scanned.start, "a line that begins with '%' is a directive, and this is none")
	}
	switch scanned.value {
	case "YAML":
		s.scanYAMLVersion(scanned.start)
	case "TAG":
		s.skipSpaces()
		scanned.handle = s.scanTagHandle()
		if s.peek() != ' ' {
			refuse(s.mark, "a space must follow the handle of %TAG")
		}
		s.skipSpaces()
		scanned.prefix = s.scanTagURI(isTagPrefixCharacter)
		if !isSpaceOrEnd(s.peek()) {
			refuse(s.mark, "a space must follow the prefix of %TAG")
		}
	default:
		// snakeyaml-engine takes any other directive and does nothing about it.
		s.take(s.lineEnd())
	}
	scanned.end = s.mark.Offset
	s.skipSpaces()
	if s.peek() == '#' {
		s.take(s.lineEnd())
	}
	if r := s.peek(); s.scanLineBreak() == "" && r != 0 {
		refuse(s.mark, "only a comment may follow a directive on its line")
	}
	return scanned
}

// scanYAMLVersion reads the version of %YAML, of which the first number must be 1 (LoadSettingsBuilder).
func (s *scanner) scanYAMLVersion(start Mark) {
	s.skipSpaces()
	line := s.text[s.mark.Offset:s.lineEnd()]
	if stop := strings.IndexByte(line, ' '); stop >= 0 {
		line = line[:stop]
	}
	if strings.ContainsFunc(line, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsDigit(r) }) {
		undecided(start, "the version of %YAML is written in digits of another script")
	}
	major, minor, ok := strings.Cut(line, ".")
	first, err := strconv.ParseUint(major, 10, 31)
	if _, minorErr := strconv.ParseUint(minor, 10, 31); !ok || err != nil || minorErr != nil {
		refuse(start, "%YAML is followed by the version 1.2")
	}
	if first != 1 {
		refuse(start, "the version of %YAML must be 1.2")
	}
	s.take(s.mark.Offset + len(line))
}
