package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// Bounds of what is shown of a line, in characters, of what is looked at for that, and of the lines above, in bytes. Lines of more
// bytes are written by programs, and nobody reads them.
const (
	maxShownLine = 200
	maxReadLine  = 4096
	maxReadAbove = 64 << 10
)

// ShownLine is the line of a text in which an offset is, as it may be shown to everybody who can read a build's log, and the column
// in it, from 1 and in characters, of the offset. The text is a whole file or document: the lines above say what the line is about.
//
// A line is shown only if it has a form that is understood (a field, an option, an argument of a process), and neither it nor a field
// that it is in has a name that secrets have. User and password in a URI are hidden where that leaves the column as
// it is. Of every other line nothing is shown: "". Long lines are cut around the column.
func ShownLine(text string, offset int) (line string, caret int) {
	offset = min(max(offset, 0), len(text))
	start := strings.LastIndexAny(text[:offset], "\r\n") + 1
	line = text[start:textedit.LineEnd(text, start)]
	if len(line) > maxReadLine || !utf8.ValidString(line) || isAboutSecrets(line) || !isUnderstood(line) || isBelowSecrets(text[:start], line) {
		return "", 0
	}
	before := min(offset-start, len(line))
	for before > 0 && before < len(line) && !utf8.RuneStart(line[before]) {
		before--
	}
	shown, ok := redactBehind(line, before)
	if !ok {
		return "", 0
	}
	before = len(withoutMarks(shown[:before]))
	return cutAround(strings.TrimRightFunc(withoutMarks(shown), unicode.IsSpace), before)
}

// withoutMarks leaves out byte order marks, which take no column.
func withoutMarks(text string) string { return strings.ReplaceAll(text, "\uFEFF", "") }

// cutAround cuts a line around an offset, and says which character of the rest is there: the one behind the end for all that was
// there.
func cutAround(line string, offset int) (string, int) {
	const ellipsis = "…"
	runes := []rune(line)
	at := utf8.RuneCountInString(line[:min(offset, len(line))])
	if len(runes) <= maxShownLine {
		return line, at + 1
	}
	from := min(max(at-maxShownLine/2, 0), len(runes)-maxShownLine)
	kept := runes[from : from+maxShownLine]
	if from > 0 {
		kept = append([]rune(ellipsis), kept[1:]...)
	}
	if from+maxShownLine < len(runes) {
		kept = append(kept[:len(kept)-1:len(kept)-1], []rune(ellipsis)...)
	}
	return string(kept), at - from + 1
}

// harmless are names that have a word in them that secrets have too.
var harmless = regexp.MustCompile(`(?i)automountServiceAccountToken|serviceAccountToken|imagePullSecrets|exempt\.flink-ha\.dev/[a-z-]*`)

// secretWords are words for secrets that no key of Flink's has.
var secretWords = regexp.MustCompile(`passwd|passphrase|pwd|credential|private|signature|basic_?auth|auth_params|jaas_?config|http_headers|bearer|authorization`)

// isAboutSecrets tells whether any word in a text is one that names secrets, in whatever spelling.
func isAboutSecrets(text string) bool {
	lower := strings.ToLower(harmless.ReplaceAllString(text, " "))
	return configuration.IsSensitive(lower) || secretWords.MatchString(lower)
}

// isBelowSecrets tells whether a line is in a field, as indentation shows it, whose name secrets have. It is true too where the
// lines above are too many to find out.
func isBelowSecrets(above, line string) bool {
	depth := depthOf(line)
	for read := 0; depth > 0 && above != ""; {
		parent := lastLine(above)
		above = above[:len(above)-len(parent)]
		if read += len(parent); read > maxReadAbove {
			return true
		}
		at := depthOf(parent)
		if at < 0 || at >= depth {
			continue
		}
		if isAboutSecrets(parent) {
			return true
		}
		depth = at
	}
	return false
}

// lastLine is the last line of a text with its line break.
func lastLine(text string) string {
	line := text[strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n')+1:]
	end := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	return line[strings.LastIndexByte(end, '\r')+1:]
}

// depthOf is how deep a line is indented: -1 for one that is empty or a comment. An item of a list is deeper than a field in the same
// column, which may be that of the list.
func depthOf(line string) int {
	line = strings.TrimPrefix(line, "\uFEFF")
	content := strings.TrimLeft(line, " \t")
	depth := 2 * (len(line) - len(content))
	switch {
	case content == "", content[0] == '\r', content[0] == '\n', content[0] == '#':
		return -1
	case content[0] == '-' && len(content) > 1 && isBlank(content[1]):
		depth++
	}
	return depth
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

// nameOnly is a name before the host, as of the container in the path of an Azure store, and digest the one of an image.
var (
	nameOnly = regexp.MustCompile(`://[^\s:/@]*@`)
	digest   = regexp.MustCompile(`@sha256:`)
)

// redactBehind hides what a URI must not show. It returns false where that would move what is before an offset, or where something
// is left that may be a password.
func redactBehind(line string, offset int) (string, bool) {
	redacted := flink.RedactURI(line)
	if redacted != line && (len(redacted) < offset || redacted[:offset] != line[:offset]) {
		return "", false
	}
	rest := digest.ReplaceAllString(nameOnly.ReplaceAllString(strings.ReplaceAll(redacted, "://***@", ""), ""), "")
	return redacted, !strings.Contains(rest, "@")
}
