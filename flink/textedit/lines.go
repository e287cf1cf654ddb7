package textedit

import "strings"

// byteOrderMark may stand before the first line and belongs to none.
const byteOrderMark = "\uFEFF"

// Lines end as YAML and Flink's older grammar have it: with LF, CR or CR LF.

// LineStart is where the line begins that an offset lies in.
func LineStart(text string, offset int) int {
	start := strings.LastIndexAny(text[:offset], "\r\n") + 1
	if start == 0 && strings.HasPrefix(text, byteOrderMark) && offset >= len(byteOrderMark) {
		return len(byteOrderMark)
	}
	return start
}

// LineEnd is where the line ends that an offset lies in, before its line break.
func LineEnd(text string, offset int) int {
	if length := strings.IndexAny(text[offset:], "\r\n"); length >= 0 {
		return offset + length
	}
	return len(text)
}

// NextLine is the offset after the line break of the line that an offset lies in.
func NextLine(text string, offset int) int {
	end := LineEnd(text, offset)
	return end + len(LineBreakAt(text, end))
}

// LineBreakAt is the line break that stands at an offset, "" if there is none.
func LineBreakAt(text string, offset int) string {
	rest := text[offset:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		return rest[:2]
	case strings.HasPrefix(rest, "\n"), strings.HasPrefix(rest, "\r"):
		return rest[:1]
	}
	return ""
}

// FinalLineBreak is the line break that a text ends with, "" if there is none.
func FinalLineBreak(text string) string {
	for _, lineBreak := range []string{"\r\n", "\n", "\r"} {
		if strings.HasSuffix(text, lineBreak) {
			return lineBreak
		}
	}
	return ""
}

// UsualLineBreak is what the lines of a text end with: as the first one does.
func UsualLineBreak(text string) string {
	if lineBreak := LineBreakAt(text, LineEnd(text, 0)); lineBreak != "" {
		return lineBreak
	}
	return "\n"
}

// LinesAfter puts new lines after the one that an offset lies in, with that line's own line break. A last line without one stays
// without.
func LinesAfter(text string, offset int, lines ...string) Splice {
	end := LineEnd(text, offset)
	if lineBreak := LineBreakAt(text, end); lineBreak != "" {
		at := end + len(lineBreak)
		return Splice{Start: at, End: at, With: strings.Join(lines, lineBreak) + lineBreak}
	}
	lineBreak := UsualLineBreak(text)
	return Splice{Start: end, End: end, With: lineBreak + strings.Join(lines, lineBreak)}
}

// LinesBefore puts new lines before the one that an offset lies in.
func LinesBefore(text string, offset int, lines ...string) Splice {
	at, lineBreak := LineStart(text, offset), UsualLineBreak(text)
	return Splice{Start: at, End: at, With: strings.Join(lines, lineBreak) + lineBreak}
}

// IsBlank tells whether a text has nothing but spaces and tabs.
func IsBlank(text string) bool { return strings.Trim(text, " \t") == "" }
