package report

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// tabStop is what a tab counts in a line that is shown, wherever it stands.
const tabStop = "    "

// underlined makes of a line what a terminal shows, and the blanks that bring a caret under one of its columns. Both begin at the
// first character that is not blank. It returns false where there is nothing to show.
func underlined(line string, column int) (shown, blanks string, ok bool) {
	runes := []rune(line)
	if strings.TrimSpace(line) == "" || column < 1 {
		return "", "", false
	}
	first := 0
	for first < len(runes) && first < column-1 && (runes[first] == ' ' || runes[first] == '\t') {
		first++
	}
	var text, before strings.Builder
	for i, r := range runes[first:] {
		cell, cells := cellsOf(r)
		text.WriteString(cell)
		if first+i < column-1 {
			before.WriteString(strings.Repeat(" ", cells))
		}
	}
	return text.String(), before.String(), true
}

// cellsOf is how a character is shown, and how many cells of a terminal that takes. Characters that move the cursor, hide or reorder
// others are shown as one that cannot.
func cellsOf(r rune) (shown string, cells int) {
	switch {
	case r == '\t':
		return tabStop, len(tabStop)
	case unicode.In(r, unicode.Mn, unicode.Me):
		return string(r), 0
	case !unicode.IsPrint(r):
		return "\uFFFD", 1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return string(r), 2
	case width.Neutral, width.EastAsianAmbiguous, width.EastAsianNarrow, width.EastAsianHalfwidth:
	}
	return string(r), 1
}
