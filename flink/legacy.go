package flink

import "strings"

// LoadLegacy reads flink-conf.yaml as Flink up to 1.20 does (GlobalConfiguration.loadYAMLResource, from 1.19 on
// loadLegacyYAMLResource). That grammar is not YAML: every physical line is cut at the first '#', trimmed, and split at the
// first colon that a space follows. Nothing makes such a file invalid; what does not fit is passed over with a warning in
// Flink's log that hardly anybody reads, so it is returned as ignored.
//
// source is the field that holds the text.
func LoadLegacy(text, source string) Configuration {
	configuration := Configuration{Source: source}
	for number, line := range strings.Split(normalizeLineEnds(text), "\n") {
		uncommented, _, _ := strings.Cut(line, "#")
		trimmed := trimJava(uncommented)
		if trimmed == "" {
			continue
		}
		start := strings.Index(line, trimmed)
		position := Position{Path: source, Line: number + 1, Column: start + 1}
		key, value, found := strings.Cut(trimmed, ": ")
		key, value = trimJava(key), trimJava(value)
		if !found || key == "" || value == "" {
			configuration.Ignored = append(configuration.Ignored, ignoredLegacyLine(trimmed, position))
			continue
		}
		position.Column = start + strings.LastIndex(trimmed, value) + 1
		configuration.Settings = append(configuration.Settings, Setting{Key: key, Value: value, Position: position})
	}
	return configuration
}

// ignoredLegacyLine names the mistake on a line that holds no setting for Flink.
func ignoredLegacyLine(line string, position Position) Ignored {
	key, rest, hasColon := strings.Cut(line, ":")
	ignored := Ignored{Key: trimJava(key), Position: position}
	switch {
	case !hasColon:
		ignored.Key, _, _ = strings.Cut(trimJava(line), "=")
		ignored.Key = trimJava(ignored.Key)
		ignored.Reason = "there is no colon"
	case trimJava(rest) == "":
		ignored.Reason = "there is no value"
	default:
		ignored.Reason = "no space follows the colon"
	}
	return ignored
}

// normalizeLineEnds makes every line end that java.io.BufferedReader.readLine knows (LF, CR, CR LF) a single LF.
func normalizeLineEnds(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// trimJava cuts what java.lang.String.trim cuts: characters up to and including the space, and no other white space.
func trimJava(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
}
