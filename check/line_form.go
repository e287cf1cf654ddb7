package check

import (
	"regexp"
	"slices"
	"strings"
)

// isUnderstood tells whether a line of YAML, JSON or of a flink-conf.yaml says by its form what it is: fields, options and arguments
// are understood, and a text without a name is not, since it may be any part of anything.
func isUnderstood(line string) bool {
	content := strings.TrimSpace(withoutMarks(line))
	for strings.HasPrefix(content, "- ") {
		content = strings.TrimLeft(content[len("- "):], " ")
	}
	if content == "" || content == "-" {
		return false
	}
	key, value, ok := cutField(content)
	switch {
	case strings.ContainsAny(content[:1], `{[}]`), ok && (strings.HasPrefix(key, `"`) || value != "" && strings.ContainsAny(value[:1], `{[`)):
		return hasOnlyItems(content)
	case ok:
		return isField(key, value)
	}
	return isItem(content)
}

// field is how a field or an option is written in YAML and JSON: a name, a colon, and a blank, or the end of the line.
var field = regexp.MustCompile(`^("[A-Za-z0-9_./-]+"|'[A-Za-z0-9_./-]+'|[A-Za-z0-9_./-]+)[ \t]*:(?:[ \t]+|$)(.*)$`)

// jsonField has a name in quotes, and needs no blank.
var jsonField = regexp.MustCompile(`^("[A-Za-z0-9_./-]+")[ \t]*:[ \t]*(.*)$`)

// cutField parts the name of a field from what follows it.
func cutField(text string) (key, value string, ok bool) {
	for _, form := range []*regexp.Regexp{field, jsonField} {
		if match := form.FindStringSubmatch(text); match != nil {
			return match[1], match[2], true
		}
	}
	return "", "", false
}

// blockHeader begins a text on the lines below.
var blockHeader = regexp.MustCompile(`^(?:[|>][-+0-9]*)?[ \t]*(?:#.*)?$`)

// isField tells whether a field may be shown. What an environment variable has for a value is named elsewhere, so that it is not.
func isField(key, value string) bool {
	return strings.Trim(key, `"'`) != "value" || blockHeader.MatchString(value)
}

// The forms of arguments of a process that are understood: a dynamic property, an option of Flink with what is taken for its value,
// a flag alone, Flink's own commands and the words that go with them, and the class or file of a job.
var (
	property = regexp.MustCompile(`^-D(?:[A-Za-z0-9_.-]+(?:=.*)?)?$`)
	option   = regexp.MustCompile(`^(?:high-availability|(?:` + families + `)[.-][A-Za-z0-9]+)(?:[.-][A-Za-z0-9]+)*(?:[ \t]*[:=].*|[ \t]+.*)?$`)
	flag     = regexp.MustCompile(`^--?[A-Za-z][A-Za-z-]*$`)
	command  = regexp.MustCompile(`^(?:/opt/flink/bin/|bin/|\./|/)?(?:` + programs + `)(?:\.sh)?$|^(?:` + words + `)$`)
	jobClass = regexp.MustCompile(`^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.[A-Z][A-Za-z0-9_$]*$`)
	jobFile  = regexp.MustCompile(`^(?:local://)?/[A-Za-z0-9_./-]+\.(?:jar|py)$`)
)

const (
	// families are what options of Flink begin with.
	families = `recovery|kubernetes|jobmanager|taskmanager|job-result-store|state|execution|restart-strategy|cluster|rest|web|fs`
	programs = `jobmanager|taskmanager|standalone-job|docker-entrypoint|flink|kubernetes-jobmanager|kubernetes-taskmanager|kubernetes-session|historyserver`
	words    = `help|start|start-foreground|kubernetes-application|native-k8s|cluster|application|bash|/bin/bash|/bin/sh|sh|-c`
)

// isItem tells whether an item of a list or map may be shown.
func isItem(item string) bool {
	if item == "" {
		return true
	}
	if key, value, ok := cutField(item); ok {
		return isField(key, value)
	}
	bare := unquoted(item)
	return slices.ContainsFunc([]*regexp.Regexp{property, option, flag, command, jobClass, jobFile}, func(form *regexp.Regexp) bool {
		return form.MatchString(bare)
	})
}

func unquoted(text string) string {
	if len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1]
	}
	return text
}

// hasOnlyItems tells whether everything may be shown that stands between brackets, braces and commas outside of quotes.
func hasOnlyItems(text string) bool {
	start, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case quote == '"' && b == '\\':
			i++
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'' && isOpening(text[start:i]):
			quote = b
		case strings.IndexByte("{}[],", b) >= 0:
			if !isItem(strings.TrimSpace(text[start:i])) {
				return false
			}
			start = i + 1
		}
	}
	return quote == 0 && isItem(strings.TrimSpace(text[start:]))
}

// isOpening tells whether a quote opens a scalar after what stands before it in an item: an apostrophe in a word does not.
func isOpening(before string) bool {
	before = strings.TrimSpace(before)
	return before == "" || strings.HasSuffix(before, ":")
}
