package manifest

import "strings"

// lineStart is where the line begins that an offset lies in.
func lineStart(text string, offset int) int { return strings.LastIndexAny(text[:offset], "\r\n") + 1 }

// lineEnd is where the line ends that an offset lies in, before its line break.
func lineEnd(text string, offset int) int { return offset + lengthOfLine(text[offset:]) }

// nextLine is the offset behind the line break of the line that an offset lies in.
func nextLine(text string, offset int) int {
	end := lineEnd(text, offset)
	return end + lineBreak(text, end)
}

// usualBreak is what the lines of a text end with: as the first one does.
func usualBreak(text string) string {
	end := lineEnd(text, 0)
	if length := lineBreak(text, end); length > 0 {
		return text[end : end+length]
	}
	return "\n"
}

// isBlank tells whether a text has nothing but spaces and tabs.
func isBlank(text string) bool { return strings.Trim(text, " \t") == "" }

// linesAfter puts lines behind the one that an offset lies in. The last line of a text that ends without a line break stays so.
func linesAfter(text string, offset int, lines []string) splice {
	end, with := lineEnd(text, offset), usualBreak(text)
	if length := lineBreak(text, end); length > 0 {
		with = text[end : end+length]
		return splice{start: end + length, end: end + length, with: strings.Join(lines, with) + with}
	}
	return splice{start: end, end: end, with: with + strings.Join(lines, with)}
}

// linesBefore puts lines before the one that an offset lies in.
func linesBefore(text string, offset int, lines []string) splice {
	at, with := lineStart(text, offset), usualBreak(text)
	return splice{start: at, end: at, with: strings.Join(lines, with) + with}
}

// withoutLines drops the lines from one offset to another, both at the beginning of a line or at the end of the text. Where the text
// ends without a line break, it does so afterwards.
func withoutLines(text string, start, end int) []proposal {
	whole := proposal{{start: start, end: end}}
	if end < len(text) || start == 0 || strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\r") {
		return []proposal{whole}
	}
	previous := start - 1
	if strings.HasSuffix(text[:start], "\r\n") {
		previous--
	}
	return []proposal{{{start: previous, end: end}}, whole}
}

// sharedParts is how many of the parts between dots two names have in common, from the start.
func sharedParts(a, b string) int {
	ones, others := strings.Split(a, "."), strings.Split(b, ".")
	shared := 0
	for shared < min(len(ones), len(others)) && ones[shared] == others[shared] {
		shared++
	}
	return shared
}
