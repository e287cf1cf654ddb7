package flink

import (
	"errors"
	"math"
	"math/big"
	"regexp"
	"strings"
	"time"
)

// Why Flink refuses a duration. None repeats the text.
var (
	errBlankDuration    = errors.New("it is blank")
	errNoNumber         = errors.New("it does not begin with a number")
	errUnitOfTime       = errors.New("its unit is not one of d, h, min, s, ms, µs and ns and their long forms")
	errDurationTooLarge = errors.New("its number is too large")
	errNegativeDuration = errors.New("it is negative")
)

// ErrVersionOfUnit is the answer to a duration that only some of the versions at hand would take: it is unknown, and not refused.
var ErrVersionOfUnit = errors.New("versions of Flink differ about this form, and the version is not known")

// ParseDuration reads a duration option as org.apache.flink.util.TimeUtils.parseDuration of the version does: a whole number, a
// unit in any case after any blanks, milliseconds without one. "m" for minutes came with 1.15, the ISO form PT15S with 2.1. A
// duration that is longer than time.Duration holds is cut to that.
func ParseDuration(text string, version Version) (time.Duration, error) {
	trimmed := trimControls(text)
	if trimmed == "" {
		return 0, errBlankDuration
	}
	digits := len(trimmed) - len(strings.TrimLeft(trimmed, "0123456789"))
	if digits == 0 {
		return parseISODuration(trimmed, version)
	}
	label := trimControls(trimmed[digits:])
	unit, ok := unitOfTime(label)
	minutes := label == "m" || label == "M"
	switch {
	case !ok, minutes && version.Before(1, 15):
		return 0, errUnitOfTime
	case minutes && !version.AtLeast(1, 15):
		return 0, ErrVersionOfUnit
	}
	high, low, ok := parseDigits(trimmed[:digits])
	if !ok {
		return 0, errDurationTooLarge
	}
	amount := new(big.Int).Add(new(big.Int).Mul(big.NewInt(high), big.NewInt(100_000_000_000_000)), big.NewInt(low))
	nanos := new(big.Int).Mul(amount, big.NewInt(int64(unit)))
	seconds := new(big.Int).Div(nanos, big.NewInt(int64(time.Second)))
	switch {
	case !seconds.IsInt64(), version.Before(2, 0) && !amount.IsInt64():
		return 0, errDurationTooLarge
	case !version.AtLeast(2, 0) && !amount.IsInt64():
		// Up to 1.20 the number itself has 64 bits; later only the seconds that it makes.
		return 0, ErrVersionOfUnit
	}
	if !nanos.IsInt64() {
		return math.MaxInt64, nil
	}
	return time.Duration(nanos.Int64()), nil
}

// unitOfTime knows the labels of the enum TimeUnit in TimeUtils. "m" came with 1.15.
func unitOfTime(label string) (time.Duration, bool) {
	if strings.ContainsRune(label, '\u0130') {
		// Java makes two letters of a capital I with a dot, Go one.
		return 0, false
	}
	switch strings.ToLower(label) {
	case "d", "day", "days":
		return 24 * time.Hour, true
	case "h", "hour", "hours":
		return time.Hour, true
	case "min", "m", "minute", "minutes":
		return time.Minute, true
	case "s", "sec", "secs", "second", "seconds":
		return time.Second, true
	case "", "ms", "milli", "millis", "millisecond", "milliseconds":
		return time.Millisecond, true
	case "µs", "micro", "micros", "microsecond", "microseconds":
		return time.Microsecond, true
	case "ns", "nano", "nanos", "nanosecond", "nanoseconds":
		return time.Nanosecond, true
	}
	return 0, false
}

// isoDuration is the grammar of java.time.Duration.parse.
var isoDuration = regexp.MustCompile(`^(?i:([-+]?)P(?:([-+]?[0-9]+)D)?(T(?:([-+]?[0-9]+)H)?(?:([-+]?[0-9]+)M)?(?:([-+]?[0-9]+)(?:[.,]([0-9]{0,9}))?S)?)?)$`)

// parseISODuration reads the form that 2.1 came to know (java.time.Duration.parse).
func parseISODuration(text string, version Version) (time.Duration, error) {
	match := isoDuration.FindStringSubmatch(text)
	if match == nil || match[3] != "" && len(match[3]) == 1 || match[2] == "" && match[3] == "" {
		return 0, errNoNumber
	}
	switch {
	case version.Before(2, 1):
		return 0, errNoNumber
	case !version.AtLeast(2, 1):
		return 0, ErrVersionOfUnit
	}
	total := new(big.Int)
	for i, unit := range map[int]time.Duration{2: 24 * time.Hour, 4: time.Hour, 5: time.Minute, 6: time.Second} {
		part, ok := isoPart(match[i], unit)
		if !ok {
			return 0, errDurationTooLarge
		}
		total.Add(total, part)
	}
	if match[7] != "" {
		_, fraction, _ := parseDigits((match[7] + "000000000")[:9])
		if strings.HasPrefix(match[6], "-") {
			fraction = -fraction
		}
		total.Add(total, big.NewInt(fraction))
	}
	if match[1] == "-" {
		total.Neg(total)
	}
	switch {
	case total.Sign() < 0:
		return 0, errNegativeDuration
	case !new(big.Int).Div(total, big.NewInt(int64(time.Second))).IsInt64():
		return 0, errDurationTooLarge
	case !total.IsInt64():
		return math.MaxInt64, nil
	}
	return time.Duration(total.Int64()), nil
}

// isoPart is the nanoseconds of one number of an ISO duration, which Java multiplies in 64 bits of seconds.
func isoPart(number string, unit time.Duration) (*big.Int, bool) {
	digits := strings.TrimLeft(number, "+-")
	high, low, ok := parseDigits(digits)
	if !ok {
		return nil, false
	}
	amount := new(big.Int).Add(new(big.Int).Mul(big.NewInt(high), big.NewInt(100_000_000_000_000)), big.NewInt(low))
	seconds := new(big.Int).Mul(amount, big.NewInt(int64(unit/time.Second)))
	if !amount.IsInt64() || !seconds.IsInt64() {
		return nil, false
	}
	nanos := new(big.Int).Mul(seconds, big.NewInt(int64(time.Second)))
	if strings.HasPrefix(number, "-") {
		nanos.Neg(nanos)
	}
	return nanos, true
}
