package edit

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// byteOrderMark may stand before the first line and belongs to none.
const byteOrderMark = "\uFEFF"

// afterBlankLines is where the first line begins, from the start of a line on, that is not blank.
func afterBlankLines(text string, start int) int {
	for start < len(text) && textedit.IsBlank(text[start:textedit.LineEnd(text, start)]) {
		start = textedit.NextLine(text, start)
	}
	return start
}

// lineAtEnd puts a new line at the end of a text.
func lineAtEnd(text, line string) splice {
	end := splice{Start: len(text), End: len(text)}
	switch {
	case text == "" || text == byteOrderMark || textedit.FinalLineBreak(text) != "":
		end.With = line + textedit.UsualLineBreak(text)
	default:
		end.With = textedit.UsualLineBreak(text) + line
	}
	return end
}

// lineNumber counts from 1.
func lineNumber(text string, offset int) int {
	before := text[:offset]
	return 1 + strings.Count(before, "\n") + strings.Count(before, "\r") - strings.Count(before, "\r\n")
}

// withoutLines proposes to drop parts of a text that are whole lines. Where the text has no line break at its end and its last
// line goes, the break of the line that is now the last goes too, if nothing hangs on it.
func withoutLines(text string, parts []splice) []proposal {
	parts = joined(parts)
	edited, ok := proposal(parts).Apply(text)
	if !ok {
		return nil
	}
	lineBreak := textedit.FinalLineBreak(edited)
	if lineBreak == "" || textedit.FinalLineBreak(text) != "" {
		return []proposal{parts}
	}
	whole := proposal{{Start: 0, End: len(text), With: strings.TrimSuffix(edited, lineBreak)}}
	return []proposal{whole, parts}
}
