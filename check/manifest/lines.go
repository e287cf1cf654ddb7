package manifest

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Place is a line and a column of a file that somebody gave, both from 1, columns in characters. Line is 0 where the file as
// a whole is meant.
type Place struct {
	File         string
	Line, Column int
}

// lines translates between byte offsets of a text and its lines and columns. Characters are counted once for every part of the
// text, so that a text of one long line takes no more time than another.
type lines struct {
	text string
	// starts are the offsets at which lines begin.
	starts []int
	// counts are the characters before every part, of partBytes each, as far as they were asked for.
	counts []int
	// skipsMark is set where a byte order mark takes no column.
	skipsMark bool
}

// partBytes is how much of a text is looked at for one question.
const partBytes = 256

const byteOrderMark = "\uFEFF"

// newLines counts lines as editors and Flink do: LF, CR and CR LF end one.
func newLines(text string) *lines { return &lines{text: text, starts: lineStarts(text, lineBreak)} }

// newYAMLLines counts lines as gopkg.in/yaml.v3 does, for which NEL and the line and paragraph separators end one too.
func newYAMLLines(text string) *lines { return &lines{text: text, starts: lineStarts(text, yamlBreak)} }

func lineStarts(text string, breakAt func(string, int) int) []int {
	starts := make([]int, 1, strings.Count(text, "\n")+2)
	for offset := 0; offset < len(text); {
		if length := breakAt(text, offset); length > 0 {
			offset += length
			starts = append(starts, offset)
			continue
		}
		offset++
	}
	return starts
}

// lineBreak is the length of the line break at an offset, 0 if there is none.
func lineBreak(text string, offset int) int {
	switch {
	case offset >= len(text):
		return 0
	case text[offset] == '\n':
		return 1
	case text[offset] != '\r':
		return 0
	case strings.HasPrefix(text[offset+1:], "\n"):
		return 2
	}
	return 1
}

// yamlBreak is lineBreak with the breaks of YAML 1.1.
func yamlBreak(text string, offset int) int {
	if length := lineBreak(text, offset); length > 0 || offset >= len(text) || text[offset] < utf8.RuneSelf {
		return length
	}
	switch rest := text[offset:]; {
	case strings.HasPrefix(rest, "\u0085"):
		return len("\u0085")
	case strings.HasPrefix(rest, "\u2028"), strings.HasPrefix(rest, "\u2029"):
		return len("\u2028")
	}
	return 0
}

// before is how many characters begin before an offset. A character that an offset stands within begins before it.
func (l *lines) before(offset int) int {
	part := offset / partBytes
	l.countParts(func() bool { return len(l.counts) > part })
	count := l.counts[part]
	for at := part * partBytes; at < offset; at++ {
		if l.begins(at) {
			count++
		}
	}
	return count
}

// countParts counts characters up to where it is enough, or the text ends.
func (l *lines) countParts(enough func() bool) {
	if l.counts == nil {
		l.counts = []int{0}
	}
	for !enough() && len(l.counts)*partBytes <= len(l.text) {
		last := len(l.counts) - 1
		count := l.counts[last]
		for at := last * partBytes; at < (last+1)*partBytes; at++ {
			if l.begins(at) {
				count++
			}
		}
		l.counts = append(l.counts, count)
	}
}

// begins tells whether a character that takes a column begins at an offset.
func (l *lines) begins(offset int) bool {
	b := l.text[offset]
	return utf8.RuneStart(b) && (b != byteOrderMark[0] || !l.skipsMark || !strings.HasPrefix(l.text[offset:], byteOrderMark))
}

// offsetOf is where a line and a column, both from 1, begin. A place beyond the text is at its end.
func (l *lines) offsetOf(line, column int) int {
	start := l.starts[min(max(line-1, 0), len(l.starts)-1)]
	wanted := l.before(start) + max(column-1, 0)
	l.countParts(func() bool { return l.counts[len(l.counts)-1] > wanted })
	part := sort.SearchInts(l.counts, wanted+1) - 1
	at, count := part*partBytes, l.counts[part]
	for ; at < len(l.text); at++ {
		if !l.begins(at) {
			continue
		}
		if count == wanted {
			break
		}
		count++
	}
	return max(at, start)
}

// placeOf is the line and the column, both from 1, of an offset.
func (l *lines) placeOf(offset int) (line, column int) {
	offset = min(offset, len(l.text))
	line = sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset })
	return line, l.before(offset) - l.before(l.starts[line-1]) + 1
}
