package yaml12

import "strings"

// analysis tells how a text may be written within brackets (Emitter.analyzeScalar).
type analysis struct {
	plain, singleQuoted bool
}

func analyze(text string) analysis {
	if text == "" {
		return analysis{singleQuoted: true}
	}
	spaces := analyzeSpaces(text)
	indicators := strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...")
	special := false
	preceded := true
	for i, r := range text {
		if i == 0 {
			indicators = indicators || isFirstIndicator(text, r)
		} else {
			indicators = indicators || r == ':' || r == '?' || isFlowIndicator(r) || r == '#' && preceded
		}
		special = special || r == '\t' || r == '\r' || !isPrintable(r)
		preceded = r == ' ' || r == '\t' || r == '\n' || r == 0
	}
	quotable := !spaces.afterBreak && !spaces.beforeBreak && !special
	return analysis{
		plain:        quotable && !indicators && !spaces.outside && !strings.Contains(text, "\n"),
		singleQuoted: quotable,
	}
}

// isFirstIndicator tells whether the first character would have a meaning without quotes.
func isFirstIndicator(text string, first rune) bool {
	if strings.ContainsRune("#,[]{}&*!|>'\"%@`?:", first) {
		return true
	}
	if first != '-' {
		return false
	}
	next, _ := decode(text, 1)
	return len(text) == 1 || isBlank(next)
}

// spaceAnalysis is about spaces and line breaks that get lost without double quotes.
type spaceAnalysis struct {
	// outside is a space or break at either end.
	outside bool
	// afterBreak is a space that follows a break, beforeBreak one that precedes it.
	afterBreak, beforeBreak bool
}

func analyzeSpaces(text string) spaceAnalysis {
	last := len(text) - 1
	return spaceAnalysis{
		outside:     text[0] == ' ' || text[0] == '\n' || text[last] == ' ' || text[last] == '\n',
		afterBreak:  strings.Contains(text, "\n "),
		beforeBreak: strings.Contains(text, " \n"),
	}
}
