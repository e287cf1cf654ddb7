package edit

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// scalarStyles are the styles that a scalar is written in, the simplest first. Double quotes hold any text.
func scalarStyles(preferred yaml12.Style) []yaml12.Style {
	switch preferred {
	case yaml12.SingleQuoted:
		return []yaml12.Style{yaml12.SingleQuoted, yaml12.DoubleQuoted}
	case yaml12.DoubleQuoted:
		return []yaml12.Style{yaml12.DoubleQuoted}
	default:
		return []yaml12.Style{yaml12.Plain, yaml12.SingleQuoted, yaml12.DoubleQuoted}
	}
}

// writeValue writes a value in the preferred style, or in the next one in which Flink reads that very text back: a number
// with leading zeros, a null or a '#' needs quotes, a line break needs double ones.
func writeValue(value string, preferred yaml12.Style, inFlow bool) (string, bool) {
	return write(value, preferred, func(written string) bool {
		return readsBack("k: "+written, inFlow, func(entry yaml12.Entry) bool {
			return entry.Key.Text == "k" && isText(entry.Value, value)
		})
	})
}

// writeKey does the same for a key, which has to be text and not only look like it.
func writeKey(key string, preferred yaml12.Style, inFlow bool) (string, bool) {
	return write(key, preferred, func(written string) bool {
		return readsBack(written+": v", inFlow, func(entry yaml12.Entry) bool {
			return entry.Key.Kind == yaml12.TextValue && entry.Key.Text == key && entry.Value.Text == "v"
		})
	})
}

func write(text string, preferred yaml12.Style, reads func(string) bool) (string, bool) {
	for _, style := range scalarStyles(preferred) {
		if written, ok := inStyle(text, style); ok && reads(written) {
			return written, true
		}
	}
	return "", false
}

// readsBack parses a single entry wherever it may stand: on a line of its own, or between braces with another entry, a blank
// or the end behind it, since "?" and the like mean something else before a blank.
func readsBack(entry string, inFlow bool, right func(yaml12.Entry) bool) bool {
	texts := []string{entry + "\n"}
	if inFlow {
		texts = []string{"{" + entry + "}", "{" + entry + " }", "{" + entry + ",}"}
	}
	for _, text := range texts {
		root, err := yaml12.Load(text)
		if err != nil || root == nil || root.Kind != yaml12.MapValue || len(root.Entries) != 1 || !right(root.Entries[0]) {
			return false
		}
	}
	return true
}

// isText tells whether Flink certainly has a text for a scalar.
func isText(value *yaml12.Value, text string) bool {
	isScalar := value.Kind == yaml12.TextValue || value.Kind == yaml12.IntValue || value.Kind == yaml12.FloatValue || value.Kind == yaml12.BoolValue
	return isScalar && value.Text == text && value.Unknown == ""
}

// inStyle writes a text without looking whether it needs another style, except that only double quotes get what does not show
// or breaks a line.
func inStyle(text string, style yaml12.Style) (string, bool) {
	if style == yaml12.DoubleQuoted {
		return doubleQuoted(text), true
	}
	if hasLineBreak(text) || strings.ContainsFunc(text, isHidden) {
		return "", false
	}
	if style == yaml12.SingleQuoted {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'", true
	}
	return text, text != ""
}

// isHidden knows the characters that are written as escapes: those that YAML does not take (StreamReader.isPrintable), and
// some that nobody would see.
func isHidden(r rune) bool {
	switch r {
	case '\t':
		return false
	case '\u0085', '\u2028', '\u2029', '\uFEFF', '\uFFFE', '\uFFFF':
		return true
	}
	return unicode.IsControl(r)
}

func doubleQuoted(text string) string {
	var written strings.Builder
	written.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			written.WriteByte('\\')
			written.WriteRune(r)
		case r == '\n':
			written.WriteString(`\n`)
		case r == '\r':
			written.WriteString(`\r`)
		case r == '\t':
			written.WriteString(`\t`)
		case !isHidden(r):
			written.WriteRune(r)
		case r <= 0xFF:
			fmt.Fprintf(&written, `\x%02x`, r)
		default:
			fmt.Fprintf(&written, `\u%04x`, r)
		}
	}
	written.WriteByte('"')
	return written.String()
}
