package yaml12

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// maxDigits bounds the whole numbers that are converted, which takes more than linear time.
const maxDigits = 1000

// integerText is a whole number as java.lang.Integer, Long or BigInteger writes it, whichever holds it (ConstructYamlCoreInt).
func integerText(written string, at Mark) string {
	if written == "" {
		refuse(at, "a whole number is empty")
	}
	sign, digits := "", written
	switch written[0] {
	case '-':
		sign, digits = "-", written[1:]
	case '+':
		digits = written[1:]
	}
	base := 10
	if rest, ok := strings.CutPrefix(digits, "0x"); ok {
		base, digits = 16, rest
	} else if rest, ok := strings.CutPrefix(digits, "0o"); ok {
		base, digits = 8, rest
	}
	return parseInteger(sign+digits, base, at)
}

func parseInteger(number string, base int, at Mark) string {
	if base == 10 && isCanonical(number) {
		return number
	}
	if len(number) > maxDigits {
		undecided(at, "a number is longer than what is read here")
	}
	if strings.ContainsFunc(number, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsDigit(r) }) {
		undecided(at, "a number is written in digits of another script")
	}
	parsed, ok := new(big.Int).SetString(number, base)
	if !ok {
		refuse(at, "a value tagged as a whole number is none")
	}
	return parsed.String()
}

// isCanonical knows a decimal number that is already as Java writes it.
func isCanonical(number string) bool {
	unsigned := strings.TrimPrefix(number, "-")
	if unsigned == "0" {
		return number == "0"
	}
	return unsigned != "" && unsigned[0] != '0' && countDigits(unsigned, isDecimal) == len(unsigned)
}

// floatText is a floating point number as snakeyaml-engine reads it (ConstructYamlCoreFloat) and writes it again
// (StandardRepresenter.RepresentNumber).
//
// unknown says why the text is not certain; it is then the one of newer Java versions.
func floatText(written string, at Mark) (text, unknown string) {
	lower := strings.ToLower(written)
	switch lower {
	case ".inf", "-.inf", ".nan":
		return lower, ""
	}
	unsigned := lower
	if strings.HasPrefix(lower, "-") || strings.HasPrefix(lower, "+") {
		unsigned = lower[1:]
	}
	if !isDecimalFloat(unsigned) {
		refuseFloat(unsigned, at)
	}
	value, err := strconv.ParseFloat(unsigned, 64)
	if err != nil && !math.IsInf(value, 0) {
		refuse(at, "a value tagged as a number is none")
	}
	if lower[0] == '-' {
		value = -value
	}
	switch {
	case math.IsInf(value, 1):
		return ".inf", ""
	case math.IsInf(value, -1):
		return "-.inf", ""
	}
	return JavaDouble(value)
}

// refuseFloat is about what java.lang.Double.valueOf may take and the core schema does not call a number. +.inf is none of
// those: the schema calls it a number, and Double.valueOf then fails.
func refuseFloat(unsigned string, at Mark) {
	if unsigned != ".inf" && strings.ContainsFunc(unsigned, func(r rune) bool { return r <= ' ' || r >= '0' && r <= '9' }) {
		undecided(at, "a value is tagged as a number and not written like one")
	}
	refuse(at, "a value tagged as a number is none")
}

// JavaDouble writes a number as java.lang.Double.toString does: without an exponent from 0.001 up to 10,000,000, and with the
// fewest digits that tell the number from its neighbours.
//
// Java before 19 sometimes writes more digits (JDK-4511638): seen from 2E22 on, from 1E16 on for numbers of 14 digits and more,
// and for negative powers of two that need 16. There, and where numbers lose precision near zero, the text depends on the Java
// runtime: unknown says so, and the text is then that of newer ones.
func JavaDouble(value float64) (text, unknown string) {
	magnitude := math.Abs(value)
	if magnitude == 0 || magnitude >= 1e-3 && magnitude < 1e7 {
		return withPoint(strconv.FormatFloat(value, 'f', -1, 64)), ""
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'e', -1, 64), "e")
	power, _ := strconv.Atoi(exponent)
	if digits := len(mantissa) - 1; digits >= 16 || power+digits/2 >= 22 || power < -300 {
		unknown = "not all Java versions write a number of this size alike"
	}
	return withPoint(mantissa) + "E" + strconv.Itoa(power), unknown
}

// withPoint adds the ".0" that Java gives a whole number.
func withPoint(digits string) string {
	if strings.Contains(digits, ".") {
		return digits
	}
	return digits + ".0"
}
