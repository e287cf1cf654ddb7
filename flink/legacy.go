package flink

import (
	"strings"
	"unicode/utf8"
)

// maxIgnored bounds how many ignored lines are told. They are for people, and change nothing about what is read.
const maxIgnored = 10_000

// LoadLegacy reads flink-conf.yaml as Flink up to 1.20 does (GlobalConfiguration.loadYAMLResource, from 1.19 on
// loadLegacyYAMLResource). That grammar is not YAML: every physical line is cut at the first '#', trimmed, and split at the
// first colon that a space follows. Nothing makes such a file invalid; what does not fit is passed over with a warning in
// Flink's log that hardly anybody reads, so it is returned as ignored.
//
// source is the field that holds the text.
func LoadLegacy(text, source string) Configuration {
	configuration := Configuration{Source: source}
	if len(text) > maxFileBytes {
		configuration.Gaps = unread(tooLarge, source)
		return configuration
	}
	if count := strings.Count(text, ": "); count > 0 {
		configuration.Settings = make([]Setting, 0, count)
	}
	for number := 1; text != ""; number++ {
		var line string
		line, text = cutLine(text)
		content, _, _ := strings.Cut(line, "#")
		trimmed := TrimJava(content)
		if trimmed == "" {
			continue
		}
		cut := len(content) < len(line) && content[len(content)-1] > ' '
		addLegacyLine(&configuration, legacyLine{number: number, text: line, content: trimmed, cut: cut})
	}
	return configuration
}

// legacyLine is a physical line and what is left of it without comment and blanks around it.
type legacyLine struct {
	number        int
	text, content string
	// cut is true if the comment begins right behind the content.
	cut bool
}

// column is where a part of the line begins, in characters from 1. The part is a slice of the line.
func (l legacyLine) column(part string, from int) int {
	return utf8.RuneCountInString(l.text[:from+strings.Index(l.text[from:], part)]) + 1
}

func addLegacyLine(c *Configuration, line legacyLine) {
	key, value, found := strings.Cut(line.content, ": ")
	key, value = TrimJava(key), TrimJava(value)
	if !found || key == "" || value == "" {
		if len(c.Ignored) == maxIgnored {
			return
		}
		at := Position{Path: c.Source, Line: line.number, Column: line.column(line.content, 0)}
		c.Ignored = append(c.Ignored, ignoredLegacyLine(line.content, at))
		return
	}
	setting := Setting{
		Key: key, Value: value, Origin: OriginFile, Cut: line.cut, KeyLine: line.number, KeyColumn: line.column(key, 0),
		Position: Position{Path: c.Source, Line: line.number},
	}
	setting.Column = line.column(value, strings.Index(line.text, line.content)+len(key)+len(": "))
	if !utf8.ValidString(line.content) {
		setting.Key, setting.Value = replaceMalformed(key), replaceMalformed(value)
	}
	c.Settings = append(c.Settings, setting)
}

// NoValue is why a line is ignored that has a key and a colon only.
const NoValue = "there is no value"

// ignoredLegacyLine names the mistake on a line that holds no setting for Flink.
func ignoredLegacyLine(line string, position Position) Ignored {
	key, rest, hasColon := strings.Cut(line, ":")
	ignored := Ignored{Key: TrimJava(key), Position: position}
	switch {
	case !hasColon:
		ignored.Key, _, _ = strings.Cut(TrimJava(line), "=")
		ignored.Key = TrimJava(ignored.Key)
		ignored.Reason = "there is no colon"
	case TrimJava(rest) == "":
		ignored.Reason = NoValue
	case ignored.Key == "":
		ignored.Reason = "there is no key"
	default:
		ignored.Reason = "no space follows the colon"
	}
	return ignored
}

// cutLine cuts a text after its first line, whose end may be any that java.io.BufferedReader.readLine knows: LF, CR or CR LF.
func cutLine(text string) (line, rest string) {
	end := strings.IndexAny(text, "\r\n")
	if end < 0 {
		return text, ""
	}
	if strings.HasPrefix(text[end:], "\r\n") {
		return text[:end], text[end+2:]
	}
	return text[:end], text[end+1:]
}

// TrimJava cuts what java.lang.String.trim cuts: characters up to and including the space, and no other white space.
func TrimJava(text string) string {
	start, end := 0, len(text)
	for start < end && text[start] <= ' ' {
		start++
	}
	for start < end && text[end-1] <= ' ' {
		end--
	}
	return text[start:end]
}
