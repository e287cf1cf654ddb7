package policy

import (
	"strconv"
	"strings"
)

// maxQuoted is how much of a text a message repeats, in bytes.
const maxQuoted = 60

// quote repeats a text in a message: in quotation marks, on one line, and not longer than a reader wants it.
func quote(text string) string {
	short := clip(text, maxQuoted)
	if short != text {
		short += "…"
	}
	return strconv.Quote(short)
}

// clip cuts a text between two characters.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// oneOf lists the words that are right: "a, b or c".
func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// maxNearest is the length, in bytes, of the longest word for which a neighbour is looked for. Comparing costs the product of two
// lengths, and nobody misspells a novel.
const maxNearest = 64

// nearest is the word that is closest to another and differs from it in fewer than most characters, or nothing.
func nearest(word string, words []string, most int) string {
	if len(word) > maxNearest {
		return ""
	}
	best := ""
	for _, candidate := range words {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate), most); d < most {
			best, most = candidate, d
		}
	}
	return best
}

// didYouMean ends a message on a word that is not known with the one that was probably meant: at most every third character of
// it may differ.
func didYouMean(word string, words []string) string {
	if near := nearest(word, words, max(len(word), 3)/3+1); near != "" {
		return ", did you mean " + near + "?"
	}
	return ""
}

// distance counts the characters to insert, remove or replace that make one word of the other (Levenshtein); most if they are at
// least so many.
func distance(a, b string, most int) int {
	if len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(b)], most)
}

// DidYouMean is the end of a message on a word that is not known: the one of the known words that was probably meant, as ", did you
// mean …?", or nothing.
func DidYouMean(word string, words []string) string { return didYouMean(word, words) }
