package edit

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// setLegacy changes the last line of several with the key, which is the one that counts. Where there is none, a line that was
// meant to be one and that Flink ignores is mended, or a new one goes beside its relatives.
func setLegacy(text string, before flink.Configuration, after intent, key, value string) (string, error) {
	if reason := unfitForLegacy(key, value); reason != "" {
		return "", &RefusedError{Reason: reason}
	}
	proposals := legacyProposals(text, before, key, value)
	if edited, ok := after.firstThatHolds(text, proposals); ok {
		return edited, nil
	}
	return "", &RefusedError{Reason: "no line can be changed or added so that Flink reads nothing else than before; edit the file by hand"}
}

// unfitForLegacy says what a line of flink-conf.yaml cannot hold (GlobalConfiguration.loadLegacyYAMLResource has no quotes and
// no escapes), "" where key and value fit.
func unfitForLegacy(key, value string) string {
	switch {
	case value == "":
		return "flink-conf.yaml cannot hold an empty value: Flink ignores such a line; remove the key instead"
	case strings.ContainsAny(key+value, "\r\n"):
		return "flink-conf.yaml cannot hold a line break: a setting is one line"
	case strings.Contains(value, "#"):
		return "flink-conf.yaml cannot hold a value with '#': Flink cuts every line there, within quotes too; use config.yaml (Flink 1.19 and later)"
	case strings.ContainsAny(key, "#"), strings.Contains(key, ": "):
		return "flink-conf.yaml cannot hold a key with '#', or with a colon and a space"
	case flink.TrimJava(key) != key, flink.TrimJava(value) != value:
		return "flink-conf.yaml cannot hold a key or value that begins or ends with a blank or a control character: Flink cuts those off"
	}
	return ""
}

func legacyProposals(text string, before flink.Configuration, key, value string) []proposal {
	lines := legacyLines(text)
	for _, setting := range slices.Backward(before.Settings) {
		if setting.Key == key {
			return []proposal{lines[setting.Line-1].setValue(value)}
		}
	}
	var proposals []proposal
	for _, ignored := range slices.Backward(before.Ignored) {
		if ignored.Key == key {
			proposals = append(proposals, lines[ignored.Line-1].mend(key, value))
			break
		}
	}
	line := key + ": " + value
	if relative, ok := legacyRelative(before, key); ok {
		beside := lines[relative.Line-1]
		proposals = append(proposals, proposal{textedit.LinesAfter(text, beside.end, beside.indentation()+line)})
	}
	// A text that is nothing but a byte order mark is a line for this loader, with the mark in it.
	if text == byteOrderMark {
		return append(proposals, proposal{{Start: len(text), End: len(text), With: "\n" + line}})
	}
	return append(proposals, proposal{lineAtEnd(text, line)})
}

// legacyRelative is the last setting of those that share the most with a key.
func legacyRelative(before flink.Configuration, key string) (relative flink.Setting, ok bool) {
	most := 1
	for _, setting := range before.Settings {
		if shared := flink.SharedSegments(setting.Key, key); shared >= most {
			most, relative, ok = shared, setting, true
		}
	}
	return relative, ok
}

// legacyLine is where a physical line lies, and the content in it that Flink looks at: without comment and blanks around.
type legacyLine struct {
	text                     string
	start, end               int
	contentStart, contentEnd int
}

func legacyLines(text string) []legacyLine {
	var lines []legacyLine
	for start := 0; start < len(text); {
		end := textedit.LineEnd(text, start)
		content, _, _ := strings.Cut(text[start:end], "#")
		trimmed := flink.TrimJava(content)
		contentStart := start + strings.Index(content, trimmed)
		lines = append(lines, legacyLine{
			text: text, start: start, end: end, contentStart: contentStart, contentEnd: contentStart + len(trimmed),
		})
		start = end + len(textedit.LineBreakAt(text, end))
	}
	return lines
}

func (l legacyLine) content() string { return l.text[l.contentStart:l.contentEnd] }

// setValue replaces the value, and neither the blanks before it nor what follows it.
func (l legacyLine) setValue(value string) proposal {
	_, old, _ := strings.Cut(l.content(), ": ")
	return proposal{{Start: l.contentEnd - len(flink.TrimJava(old)), End: l.contentEnd, With: value}}
}

// mend makes a setting of a line that lacks the space, the colon or the value.
func (l legacyLine) mend(key, value string) proposal {
	return proposal{{Start: l.contentStart, End: l.contentEnd, With: key + ": " + value}}
}

// indentation is what a line beside this one begins with to look alike; it means nothing to Flink.
func (l legacyLine) indentation() string {
	line := l.text[l.start:l.end]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// removeLegacy drops every line that sets the key. Lines that Flink ignores stay.
func removeLegacy(text string, before flink.Configuration, after intent, key string) (string, error) {
	lines := legacyLines(text)
	var parts []splice
	for _, setting := range before.Settings {
		if setting.Key == key {
			start := lines[setting.Line-1].start
			parts = append(parts, splice{Start: start, End: textedit.NextLine(text, start)})
		}
	}
	if len(parts) == 0 {
		return text, nil
	}
	if edited, ok := after.firstThatHolds(text, withoutLines(text, parts)); ok {
		return edited, nil
	}
	return "", &RefusedError{Reason: "the lines cannot be removed without changing other settings; edit the file by hand"}
}
