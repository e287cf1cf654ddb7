package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// jsonText writes a value on one line. What JSON has no need to escape is not escaped, so that it stays legible.
func jsonText(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return "null"
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// flowText writes a value as it can stand between braces.
func flowText(value any) string {
	var parts []string
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, scalarText(name, 0, true)+": "+flowText(value[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, item := range value {
			parts = append(parts, flowText(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		return scalarText(value, 0, true)
	}
	return jsonText(value)
}

// isNested tells whether a value gets lines of its own where it can.
func isNested(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return len(value) > 0
	case []any:
		return len(value) > 0
	}
	return false
}

// fieldLines write a field in a block map, at an indentation.
func fieldLines(name string, value any, indentation string, step int) []string {
	key := indentation + scalarText(name, 0, false) + ":"
	if !isNested(value) {
		return append([]string{key + " " + inlineText(value)}, blockTail(value, indentation, step)...)
	}
	return append([]string{key}, nestedLines(value, indentation+strings.Repeat(" ", step), step)...)
}

// nestedLines write a map or a list in block style.
func nestedLines(value any, indentation string, step int) []string {
	var lines []string
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			lines = append(lines, fieldLines(name, value[name], indentation, step)...)
		}
	case []any:
		for _, item := range value {
			lines = append(lines, itemLines(item, indentation, step)...)
		}
	}
	return lines
}

// itemLines write an item of a block list whose dash stands at an indentation.
func itemLines(item any, indentation string, step int) []string {
	inner := indentation + "  "
	if !isNested(item) {
		return append([]string{indentation + "- " + inlineText(item)}, blockTail(item, indentation, step)...)
	}
	lines := nestedLines(item, inner, step)
	lines[0] = indentation + "- " + strings.TrimPrefix(lines[0], inner)
	return lines
}

// inlineText is what of a value stands behind its colon or dash: all of it, or the header of a block scalar.
func inlineText(value any) string {
	text, ok := value.(string)
	switch {
	case ok && fitsLiteral(text):
		return literalHeader(text)
	case ok:
		return scalarText(text, 0, false)
	}
	return flowText(value)
}

// blockTail are the lines of a block scalar, none for any other value.
func blockTail(value any, indentation string, step int) []string {
	text, ok := value.(string)
	if !ok || !fitsLiteral(text) {
		return nil
	}
	return literalLines(text, indentation+strings.Repeat(" ", step))
}

// fitsLiteral tells whether a text of several lines can stand behind |, as people write it.
func fitsLiteral(text string) bool {
	first := strings.TrimLeft(text, "\n")
	return strings.Contains(text, "\n") && first != "" && first[0] != ' ' && first[0] != '\t' &&
		!strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && isHidden(r) })
}

// literalHeader begins a block scalar that ends as the text does.
func literalHeader(text string) string {
	switch {
	case !strings.HasSuffix(text, "\n"):
		return "|-"
	case strings.HasSuffix(text, "\n\n"):
		return "|+"
	}
	return "|"
}

// literalLines are the lines of a block scalar. Empty ones are not indented.
func literalLines(text, indentation string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = indentation + line
		}
	}
	return lines
}

// scalarText writes a text in a style, or in the simplest one in which it is read back as that very text.
func scalarText(text string, style yaml.Style, inFlow bool) string {
	if style == yaml.DoubleQuotedStyle || strings.ContainsFunc(text, isHidden) {
		return quoted(text)
	}
	if style == yaml.SingleQuotedStyle {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	if isPlain(text, inFlow) {
		return text
	}
	return quoted(text)
}

// looksTyped finds what some reader of YAML takes for something else than a text: numbers of any base, with any separators, dates,
// booleans and nulls.
var looksTyped = regexp.MustCompile(`(?i)^(?:[-+.]?[0-9][0-9a-fox_.:,+-]*|\.(?:inf|nan)|[-+]\.inf|y|n|yes|no|on|off|true|false|null|~|<<|=)$|^[0-9]{4}-[0-9]`)

// isPlain tells whether a text needs no quotes: neither by YAML 1.1, which kubectl reads, nor by YAML 1.2, which Flink reads.
func isPlain(text string, inFlow bool) bool {
	if text == "" || looksTyped.MatchString(text) || strings.Trim(text, " \t") != text || strings.Contains(text, "\n") {
		return false
	}
	around := []string{"k: %s\n", "%s: k\n"}
	if inFlow {
		around = []string{"{k: %s}", "{k: %s, l: m}", "{%s: k}"}
	}
	for i, form := range around {
		written := fmt.Sprintf(form, text)
		if !readsAs(written, text, i == len(around)-1) {
			return false
		}
	}
	return true
}

func readsAs(written, text string, asKey bool) bool {
	var root yaml.Node
	if yaml.Unmarshal([]byte(written), &root) != nil || len(root.Content) != 1 || len(root.Content[0].Content) < 2 {
		return false
	}
	drawn, err := yaml12.Load(written)
	if err != nil || drawn == nil || len(drawn.Entries) == 0 {
		return false
	}
	at, other := 1, drawn.Entries[0].Value
	if asKey {
		at, other = 0, drawn.Entries[0].Key
	}
	value, err := scalarContent(root.Content[0].Content[at])
	return err == nil && value == any(text) && other.Kind == yaml12.TextValue && other.Text == text
}

// isHidden knows the characters that are written as escapes: those that YAML does not take, and some that nobody would see.
func isHidden(r rune) bool {
	switch r {
	case '\u0085', '\u2028', '\u2029', '\uFEFF', '\uFFFE', '\uFFFF':
		return true
	}
	return unicode.IsControl(r)
}

// quoted writes a text in double quotes as both YAML and JSON read it.
func quoted(text string) string { return `"` + escaped(text) + `"` }

func escaped(text string) string {
	var written strings.Builder
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
		case isHidden(r):
			fmt.Fprintf(&written, `\u%04x`, r)
		default:
			written.WriteRune(r)
		}
	}
	return written.String()
}
