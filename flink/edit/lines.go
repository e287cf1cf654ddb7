package edit

import "strings"

// byteOrderMark may stand before the first line and belongs to none.
const byteOrderMark = "\uFEFF"

// Lines end as both grammars have it: with LF, CR or CR LF.

// lineStart is where the line begins that an offset lies in.
func lineStart(text string, offset int) int {
	start := strings.LastIndexAny(text[:offset], "\r\n") + 1
	if start == 0 && strings.HasPrefix(text, byteOrderMark) && offset >= len(byteOrderMark) {
		return len(byteOrderMark)
	}
	return start
}

// lineEnd is where the line ends that an offset lies in, before its line break.
func lineEnd(text string, offset int) int {
	if length := strings.IndexAny(text[offset:], "\r\n"); length >= 0 {
		return offset + length
	}
	return len(text)
}

// nextLine is the offset after the line break of the line that an offset lies in.
func nextLine(text string, offset int) int {
	end := lineEnd(text, offset)
	return end + len(lineBreakAt(text, end))
}

// afterBlankLines is where the first line begins, from the start of a line on, that is not blank.
func afterBlankLines(text string, start int) int {
	for start < len(text) && isBlankText(text[start:lineEnd(text, start)]) {
		start = nextLine(text, start)
	}
	return start
}

// lineBreakAt is the line break that stands at an offset, "" if there is none.
func lineBreakAt(text string, offset int) string {
	rest := text[offset:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		return rest[:2]
	case strings.HasPrefix(rest, "\n"), strings.HasPrefix(rest, "\r"):
		return rest[:1]
	}
	return ""
}

// finalLineBreak is the line break that a text ends with, "" if there is none.
func finalLineBreak(text string) string {
	for _, lineBreak := range []string{"\r\n", "\n", "\r"} {
		if strings.HasSuffix(text, lineBreak) {
			return lineBreak
		}
	}
	return ""
}

// usualLineBreak is what the lines of a text end with: as the first one does.
func usualLineBreak(text string) string {
	if lineBreak := lineBreakAt(text, lineEnd(text, 0)); lineBreak != "" {
		return lineBreak
	}
	return "\n"
}

// lineAfter puts a new line after the one that an offset lies in, with that line's own line break. A last line without one
// stays without.
func lineAfter(text string, offset int, line string) splice {
	end := lineEnd(text, offset)
	if lineBreak := lineBreakAt(text, end); lineBreak != "" {
		at := end + len(lineBreak)
		return splice{start: at, end: at, with: line + lineBreak}
	}
	return splice{start: end, end: end, with: usualLineBreak(text) + line}
}

// lineBefore puts a new line before the one that an offset lies in.
func lineBefore(text string, offset int, line string) splice {
	at := lineStart(text, offset)
	return splice{start: at, end: at, with: line + usualLineBreak(text)}
}

// lineAtEnd puts a new line at the end of a text.
func lineAtEnd(text, line string) splice {
	end := splice{start: len(text), end: len(text)}
	switch {
	case text == "" || text == byteOrderMark || finalLineBreak(text) != "":
		end.with = line + usualLineBreak(text)
	default:
		end.with = usualLineBreak(text) + line
	}
	return end
}

// lineNumber counts from 1.
func lineNumber(text string, offset int) int {
	before := text[:offset]
	return 1 + strings.Count(before, "\n") + strings.Count(before, "\r") - strings.Count(before, "\r\n")
}

// isBlankText tells whether a text has nothing but spaces and tabs.
func isBlankText(text string) bool { return strings.Trim(text, " \t") == "" }

// withoutLines proposes to drop parts of a text that are whole lines. Where the text has no line break at its end and its last
// line goes, the break of the line that is now the last goes too, if nothing hangs on it.
func withoutLines(text string, parts []splice) []proposal {
	parts = joined(parts)
	edited, ok := proposal(parts).apply(text)
	if !ok {
		return nil
	}
	lineBreak := finalLineBreak(edited)
	if lineBreak == "" || finalLineBreak(text) != "" {
		return []proposal{parts}
	}
	whole := proposal{{start: 0, end: len(text), with: strings.TrimSuffix(edited, lineBreak)}}
	return []proposal{whole, parts}
}

// sharedSegments is how many of the parts between dots two keys have in common, from the start.
func sharedSegments(a, b string) int {
	shared := 0
	for {
		headA, restA, moreA := strings.Cut(a, ".")
		headB, restB, moreB := strings.Cut(b, ".")
		if headA != headB {
			return shared
		}
		shared++
		if !moreA || !moreB {
			return shared
		}
		a, b = restA, restB
	}
}
