package manifest

import "strings"

// chunk is the part of a stream that holds one YAML document, or several JSON ones.
type chunk struct {
	// offset in the file, and the line, from 1, that is there.
	offset, line int
	text         string
}

// splitDocuments cuts a stream of YAML at the lines that begin or end a document, so that one document that cannot be read
// does not take the rest with it. In YAML, no line within a document can begin with such a marker. Documents without content are
// left out.
func splitDocuments(text string) []chunk {
	s := splitter{text: text, startLine: 1, line: 1}
	for offset := 0; offset < len(text); {
		end := offset
		for end < len(text) && text[end] != '\n' && text[end] != '\r' {
			end++
		}
		line := text[offset:end]
		next := end + lineBreak(text, end)
		switch {
		case isMarker(line, "---"):
			if s.content || !s.directive {
				s.cut(offset)
			}
			s.look(strings.TrimPrefix(line, byteOrderMark)[len("---"):])
		case isMarker(line, "..."):
			s.line++
			s.cut(next)
			s.line--
		default:
			s.look(line)
		}
		offset = next
		s.line++
	}
	s.cut(len(text))
	return s.chunks
}

// splitter collects documents. content and directive tell what the present one has so far.
type splitter struct {
	text               string
	start              int
	startLine, line    int
	content, directive bool
	chunks             []chunk
}

func (s *splitter) cut(end int) {
	if s.content {
		start := s.start
		if strings.HasPrefix(s.text[start:], byteOrderMark) {
			start += len(byteOrderMark)
		}
		s.chunks = append(s.chunks, chunk{offset: start, line: s.startLine, text: s.text[start:end]})
	}
	s.start, s.startLine, s.content, s.directive = end, s.line, false, false
}

func (s *splitter) look(line string) {
	line = strings.TrimPrefix(line, byteOrderMark)
	switch trimmed := strings.Trim(line, " \t"); {
	case trimmed == "" || trimmed[0] == '#':
	case !s.content && line[0] == '%':
		s.directive = true
	default:
		s.content = true
	}
}

// isMarker tells whether a line is a marker, with nothing or a blank behind it.
func isMarker(line, marker string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(line, byteOrderMark), marker)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}
