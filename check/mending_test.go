package check

import (
	"regexp"
	"strings"
)

// What is here edits manifests as somebody does who reads a finding: it looks at the place, and at what stands there.

var (
	lineRemedy     = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_./-]*): ("YYYY-MM-DD <reason>"|[0-9]+ m?s|[^, ]+)(?:, or .*)?$`)
	argumentRemedy = regexp.MustCompile(`^"-D", "([A-Za-z0-9_./-]+)=([^…"]+)"$`)
	renameRemedy   = regexp.MustCompile(`^rename it to ([A-Za-z0-9_./-]+)$`)
	keyToken       = regexp.MustCompile(`^"?([A-Za-z0-9_./-]+)"?`)
	sane           = strings.NewReplacer(
		"s3://<bucket>/<path>", "s3://bucket/other", "<path>", "other", "<its own>", "another", "<name>", "another", "<host>", "zk",
		"YYYY-MM-DD <reason>", "2030-01-31 moving",
	)
)

// mender writes the remedy of a finding at its place.
type mender struct {
	text string
	at   int
	// lineBreak is what stands between two lines of a configuration.
	lineBreak string
	finding   *Finding
}

// mend returns false for a remedy that is no line to write.
func (m mender) mend() (string, bool) {
	if renamed := renameRemedy.FindStringSubmatch(m.finding.Remedy); renamed != nil {
		return m.rename(renamed[1])
	}
	if m.finding.Remedy == "remove it" {
		return m.without(), true
	}
	if property := argumentRemedy.FindStringSubmatch(m.finding.Remedy); property != nil {
		return m.property(property[1], sane.Replace(property[2])), true
	}
	line := lineRemedy.FindStringSubmatch(m.finding.Remedy)
	if line == nil {
		return "", false
	}
	key, value := line[1], sane.Replace(line[2])
	switch {
	case m.finding.Missing:
		return m.text[:m.at] + m.entryBefore(key, value) + m.text[m.at:], true
	case m.finding.Target.Key && m.finding.Target.Line > 0:
		return m.replaceLine(key, value)
	case m.finding.Target.Key:
		return "", false
	}
	return m.replaceValue(value), true
}

// rename writes another key, or the rest of it where the first parts are around it.
func (m mender) rename(name string) (string, bool) {
	old := keyToken.FindStringSubmatch(m.text[m.at:])[1]
	around, isEnd := strings.CutSuffix(m.finding.Setting, old)
	rest, isBelow := strings.CutPrefix(name, around)
	if !isEnd || !isBelow {
		return "", false
	}
	return m.text[:m.at] + strings.Replace(m.text[m.at:], old, rest, 1), true
}

// replaceLine writes a key and a value in place of those that are there, if they are not nested.
func (m mender) replaceLine(key, value string) (string, bool) {
	old := keyToken.FindStringSubmatch(m.text[m.at:])[1]
	if strings.Count(old, ".") != strings.Count(m.finding.Option, ".") && old != "high-availability" {
		return "", false
	}
	return m.text[:m.at] + key + ": " + value + m.text[m.end(m.at):], true
}

// replaceValue keeps the quotes of a field. In the text of a field they may be what is wrong.
func (m mender) replaceValue(value string) string {
	quote := m.text[m.at : m.at+1]
	if (quote == `"` || quote == "'") && m.finding.Position.Line == 0 {
		value = quote + strings.Trim(value, `"`) + quote
	}
	return m.text[:m.at] + value + m.text[m.end(m.at):]
}

// property writes a dynamic property: before a word, behind the last one, or in place of one.
func (m mender) property(key, value string) string {
	prefix := m.prefix()
	if !m.finding.Missing {
		if m.finding.Target.Key {
			value = key + "=" + value
		}
		return m.text[:m.at] + value + m.text[m.end(m.at):]
	}
	words := `"-D", "` + key + "=" + value + `"`
	inList := strings.TrimLeft(prefix, " ") != "- "
	rest := strings.TrimLeft(m.text[m.at:], " ")
	switch {
	case strings.HasPrefix(rest, "]"), strings.HasPrefix(rest, ","):
		return m.text[:m.at] + ", " + words + m.text[m.at:]
	case inList && (strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r")):
		dash := strings.Repeat(" ", len(prefix)-len(strings.TrimLeft(prefix, " "))) + "- "
		return m.text[:m.at] + m.newLine() + dash + "-D" + m.newLine() + dash + key + "=" + value + m.text[m.at:]
	case inList:
		return m.text[:m.at] + words + ", " + m.text[m.at:]
	}
	return m.text[:m.at] + "-D" + m.newLine() + prefix + key + "=" + value + m.newLine() + prefix + m.text[m.at:]
}

// entryBefore is an entry before the one at the place, up to where that begins.
func (m mender) entryBefore(key, value string) string {
	prefix := m.prefix()
	isJSON := regexp.MustCompile(`^"[^"\n]*" ?:`).MatchString(m.text[m.at:])
	switch {
	case isJSON:
		if value != "true" && !regexp.MustCompile(`^[0-9]+$`).MatchString(value) {
			value = `"` + value + `"`
		}
		return `"` + key + `": ` + value + ", "
	case inDoubleQuotes(prefix):
		return key + ": " + value + `\n`
	case strings.HasSuffix(prefix, "'"):
		return key + ": " + value + "\n\n    "
	case m.finding.Position.Line == 0 && !strings.HasPrefix(m.finding.Position.Path, "data[") && strings.TrimLeft(prefix, " ") == "":
		return key + ": " + value + m.newLine() + prefix
	case strings.TrimLeft(prefix, " ") == "":
		return key + ": " + value + m.lineBreak + prefix
	case strings.TrimLeft(prefix, " ") == "- ":
		return key + ": " + value + m.newLine() + strings.Repeat(" ", len(prefix))
	}
	return key + ": " + value + ", "
}

// without is the text without the entry whose key is at the place.
func (m mender) without() string {
	start, end := m.at, m.end(m.at)
	rest := m.text[end:]
	switch {
	case strings.TrimLeft(m.prefix(), " ") == "" && strings.HasPrefix(rest, m.newLine()):
		start -= len(m.prefix())
		end += len(m.newLine())
	case strings.HasPrefix(rest, ","):
		end += len(rest) - len(strings.TrimLeft(rest, ", "))
	default:
		start = len(strings.TrimRight(m.text[:start], " ,"))
	}
	return m.text[:start] + m.text[end:]
}

// end is where a value, or a key with its value, ends that begins at an offset.
func (m mender) end(at int) int {
	prefix := m.text[strings.LastIndexByte(m.text[:at], '\n')+1 : at]
	quoted, single := inDoubleQuotes(prefix), strings.Count(prefix, "'")%2 == 1
	within := strings.Count(prefix, "{")+strings.Count(prefix, "[") > strings.Count(prefix, "}")+strings.Count(prefix, "]")
	for i := at; i < len(m.text); i++ {
		switch b := m.text[i]; {
		case b == '\n' || b == '\r':
			return i
		case b == '\\' && quoted && m.text[i+1] == 'n', b == '"' && quoted:
			return i
		case b == '\\':
			i++
		case b == '\'' && single:
			return i
		case b == '"' && !quoted, b == '\'' && !quoted:
			i += strings.IndexByte(m.text[i+1:], b) + 1
		case within && !quoted && strings.IndexByte(",}]", b) >= 0:
			return i
		}
	}
	return len(m.text)
}

// prefix is what stands before the place on its line.
func (m mender) prefix() string { return m.text[strings.LastIndexByte(m.text[:m.at], '\n')+1 : m.at] }

func (m mender) newLine() string {
	if strings.Contains(m.text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// inDoubleQuotes tells whether a line goes on between double quotes.
func inDoubleQuotes(prefix string) bool {
	return (strings.Count(prefix, `"`)-strings.Count(prefix, `\"`))%2 == 1
}
