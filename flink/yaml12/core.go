package yaml12

import (
	"regexp"
	"strings"
)

// The tags that the core schema of snakeyaml-engine knows (StandardConstructor, JsonSchema, CoreSchema).
const (
	tagNull   = coreTagPrefix + "null"
	tagBool   = coreTagPrefix + "bool"
	tagInt    = coreTagPrefix + "int"
	tagFloat  = coreTagPrefix + "float"
	tagText   = coreTagPrefix + "str"
	tagList   = coreTagPrefix + "seq"
	tagMap    = coreTagPrefix + "map"
	tagSet    = coreTagPrefix + "set"
	tagBinary = coreTagPrefix + "binary"
	tagUUID   = coreTagPrefix + "java.util.UUID"
	// tagVariable is what a plain ${NAME} gets. Flink sets no EnvConfig, so that the text stays as it is.
	tagVariable = "!ENV_VARIABLE"
	tagOptional = coreTagPrefix + "java.util.Optional"
)

// resolvePlain is the tag of a plain scalar without a tag of its own (CoreScalarResolver).
func resolvePlain(value string) string {
	switch value {
	case "", "~", "null", "Null", "NULL", " ":
		return tagNull
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return tagBool
	}
	switch first := value[0]; {
	case first == '-', first == '+', first == '.', first >= '0' && first <= '9':
		return resolveNumber(value)
	case first == '$' && variable.MatchString(value):
		return tagVariable
	}
	return tagText
}

// variable is JsonScalarResolver.ENV_FORMAT.
var variable = regexp.MustCompile(`^\$\{[ \t\n\v\f\r]*(?:[0-9A-Za-z_]+(?::?[-?](?:[0-9A-Za-z_]+)?)?)[ \t\n\v\f\r]*\}$`)

func resolveNumber(value string) string {
	if rest, ok := strings.CutPrefix(value, "0o"); ok && len(rest) > 0 && countDigits(rest, isOctal) == len(rest) {
		return tagInt
	}
	if rest, ok := strings.CutPrefix(value, "0x"); ok && len(rest) > 0 && countDigits(rest, isHexadecimal) == len(rest) {
		return tagInt
	}
	unsigned := value
	if value[0] == '-' || value[0] == '+' {
		unsigned = value[1:]
	}
	if digits := countDigits(unsigned, isDecimal); digits > 0 && digits == len(unsigned) {
		return tagInt
	}
	switch unsigned {
	case ".inf", ".Inf", ".INF":
		return tagFloat
	}
	switch value {
	case ".nan", ".NaN", ".NAN":
		return tagFloat
	}
	if isDecimalFloat(unsigned) {
		return tagFloat
	}
	return tagText
}

// isDecimalFloat knows .5, 5, 5., 5.5, each with an exponent or without.
func isDecimalFloat(text string) bool {
	whole := countDigits(text, isDecimal)
	text = text[whole:]
	if rest, ok := strings.CutPrefix(text, "."); ok {
		fraction := countDigits(rest, isDecimal)
		if whole == 0 && fraction == 0 {
			return false
		}
		text = rest[fraction:]
	} else if whole == 0 {
		return false
	}
	if text == "" {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	text = text[1:]
	if text != "" && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	return text != "" && countDigits(text, isDecimal) == len(text)
}

// countDigits is how many characters from the start on are digits.
func countDigits(text string, isDigit func(byte) bool) int {
	count := 0
	for count < len(text) && isDigit(text[count]) {
		count++
	}
	return count
}

func isOctal(b byte) bool   { return b >= '0' && b <= '7' }
func isDecimal(b byte) bool { return b >= '0' && b <= '9' }
func isHexadecimal(b byte) bool {
	return isDecimal(b) || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}
