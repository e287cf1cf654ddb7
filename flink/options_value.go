package flink

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Why Flink refuses a text for a typed option. None repeats the text.
var (
	errNotBoolean = errors.New("it is neither true nor false")
	errNotInteger = errors.New("it is not a whole number of 32 bits")
)

// ParseBoolean reads a boolean option as ConfigurationUtils.convertToBoolean does: true or false in any case, without blanks
// around it. yes and on are refused.
func ParseBoolean(text string) (bool, error) {
	switch strings.ToUpper(text) {
	case "TRUE":
		return true, nil
	case "FALSE":
		return false, nil
	}
	return false, errNotBoolean
}

// ParseInteger reads an integer option as ConfigurationUtils.convertToInt does, with java.lang.Integer.parseInt: decimal digits,
// also those of other scripts, after at most one sign.
func ParseInteger(text string) (int, error) {
	western := strings.Map(func(r rune) rune {
		if digit, ok := decimalDigit(r); ok {
			return digit
		}
		return r
	}, text)
	number, err := strconv.Atoi(western)
	if err != nil || number < math.MinInt32 || number > math.MaxInt32 {
		return 0, errNotInteger
	}
	return number, nil
}

// decimalDigit is the digit from 0 to 9 that java.lang.Character.digit finds in a letter. Integer.parseInt looks at 16 bits at a
// time, so that digits beyond them are none to it.
func decimalDigit(r rune) (rune, bool) {
	for _, digits := range unicode.Nd.R16 {
		if low := rune(digits.Lo); r >= low && r <= rune(digits.Hi) {
			return '0' + (r-low)%10, true
		}
	}
	return 0, false
}

// IsBlank is org.apache.flink.util.StringUtils.isNullOrWhitespaceOnly: what Flink takes for no value at all where an option is
// mandatory. A no-break space is no white space to Java.
func IsBlank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !isJavaWhitespace(r) }) < 0
}

// isJavaWhitespace is java.lang.Character.isWhitespace.
func isJavaWhitespace(r rune) bool {
	switch r {
	case '\u00a0', '\u2007', '\u202f':
		return false
	}
	return r >= '\t' && r <= '\r' || r >= 0x1c && r <= 0x1f || unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}

// trimControls is java.lang.String.trim.
func trimControls(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
}

// parseDigits reads at most 28 decimal digits, which is more than any duration has, into a high and a low part of 10^14 each.
// It returns false for more digits than that, leading zeros aside.
func parseDigits(digits string) (high, low int64, ok bool) {
	digits = strings.TrimLeft(digits, "0")
	if len(digits) > 28 {
		return 0, 0, false
	}
	split := max(0, len(digits)-14)
	high, _ = strconv.ParseInt("0"+digits[:split], 10, 64)
	low, _ = strconv.ParseInt("0"+digits[split:], 10, 64)
	return high, low, true
}
